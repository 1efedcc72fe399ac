-- One row per revision and action.
select * from {{ source('raw', 'actions') }}
