-- One row per combination of the facets that an incident names at all (as a sum of bits) and its category, with a number: within
-- it incidents are alike in what could be said of them.
{{ config(materialized='ephemeral') }}

select named, category, cast(row_number() over (order by named, category) as integer) as context, count(*) as n
from (
    select records.record_id, coalesce(records.category, 'unknown') as category, {{ any_bit('facet_values.bit') }} as named
    from {{ ref('int_current_records') }} as records
    inner join {{ ref('int_facets') }} as facets on records.record_id = facets.record_id
    inner join {{ ref('int_facet_values') }} as facet_values
        on facets.facet = facet_values.facet and facets.value = facet_values.value
    where records.is_counted
    group by records.record_id, records.category
) as incidents
group by named, category
