-- One row per warehouse: the day of T (UTC), on which what is late or has run out is decided.
{{ config(materialized='ephemeral') }}

select {{ utc_day('as_of') }} as as_of_on from {{ source('raw', 'as_of') }}
