-- One row per record known on T, in the revision known on T: what every model starts from that looks at more than one record
-- or at the day.
{{ config(materialized='by_record') }}

select * from {{ ref('int_due_records') }}
