-- One row per series and week (UTC) in which it has incidents: by category, subcategory, domain, source,
-- project, team and service. Near misses are series of their own. The weeks without any are in marts.series_weeks.
{{ config(materialized='table') }}

with records as (select * from {{ ref('int_current_records') }}),

named as (
    {%- for kind in ['category', 'subcategory', 'domain', 'source'] %}
    select record_id, '{{ kind }}' as kind, {{ "coalesce(category, 'unknown')" if kind == 'category' else kind }} as series
    from records
    where is_counted
    union all
    {%- endfor %}
    select record_id, 'near_miss', coalesce(category, 'unknown') from records where is_near_miss
    union all
    select record_id, facet, value from {{ ref('int_facets') }} where facet in ('service', 'team', 'project')
)

select named.kind, named.series, starts.started_week_on as week_on, count(*) as incidents
from named
inner join {{ ref('int_incident_starts') }} as starts on named.record_id = starts.record_id
cross join {{ ref('int_as_of') }} as as_of
where named.series is not null and starts.started_week_on <= as_of.as_of_on
group by named.kind, named.series, starts.started_week_on
