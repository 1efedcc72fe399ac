-- One row per revision and root cause.
select * from {{ source('raw', 'root_causes') }}
