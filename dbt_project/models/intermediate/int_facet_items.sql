-- One row per counted incident and facet value, both as numbers, with the context (named facets and category) of the incident.
{{ config(materialized='ephemeral') }}

with incidents as (
    select
        record_id, coalesce(category, 'unknown') as category,
        cast(row_number() over (order by record_id) as integer) as incident
    from {{ ref('int_current_records') }}
    where is_counted
),

items as (
    select facets.record_id, facet_values.item, facet_values.bit
    from {{ ref('int_facets') }} as facets
    inner join {{ ref('int_facet_values') }} as facet_values
        on facets.facet = facet_values.facet and facets.value = facet_values.value
),

named as (select record_id, {{ any_bit('bit') }} as named from items group by record_id)

select incidents.incident, items.item, items.bit, contexts.context
from items
inner join incidents on items.record_id = incidents.record_id
inner join named on items.record_id = named.record_id
inner join {{ ref('int_facet_contexts') }} as contexts
    on named.named = contexts.named and incidents.category = contexts.category
