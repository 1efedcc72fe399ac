-- One row per counted incident: which facets it names at all (as a sum of bits) and its category, and a number for the two
-- together, its context. Within a context incidents are alike in what could be said of them.
{{ config(materialized='ephemeral') }}

with incidents as (
    select incident, category, {{ any_bit('bit') }} as named from {{ ref('int_facet_items') }} group by incident, category
),

contexts as (
    select named, category, cast(row_number() over (order by named, category) as integer) as context
    from incidents
    group by named, category
)

select incidents.incident, contexts.context, contexts.named, contexts.category
from incidents
inner join contexts on incidents.named = contexts.named and incidents.category = contexts.category
