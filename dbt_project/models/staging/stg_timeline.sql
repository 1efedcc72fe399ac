-- One row per revision and event of its timeline.
select * from {{ source('raw', 'timeline') }}
