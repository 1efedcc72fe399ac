-- One row per revision and contributing factor.
select * from {{ source('raw', 'contributing_factors') }}
