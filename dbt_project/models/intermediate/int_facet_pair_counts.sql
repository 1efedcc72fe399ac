-- One row per two facet values and context in which incidents have both: how many.
{{ config(materialized='ephemeral') }}

select item_1, item_2, context, any_value(bit_1) as bit_1, any_value(bit_2) as bit_2, count(*) as n
from {{ ref('int_facet_pairs') }} as pairs
inner join {{ ref('int_facet_contexts') }} as incidents on pairs.incident = incidents.incident
group by item_1, item_2, context
