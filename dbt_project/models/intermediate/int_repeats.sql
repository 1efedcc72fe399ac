-- One row per counted incident that names what another one names, of the same category and on the same day: the alarms of one
-- storm, or one event filed by three teams. As evidence of what recurs and of what helps they are one incident.
{{ config(materialized='table') }}

select record_id, first_record_id
from (
    select record_id, min(record_id) over (partition by value) as first_record_id
    from {{ ref('int_facets') }}
    where facet = 'event'
) as told
where record_id <> first_record_id
