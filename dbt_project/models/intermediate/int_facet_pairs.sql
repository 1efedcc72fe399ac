-- One row per two facet values and context in which incidents have both: how many.
{{ config(materialized='ephemeral') }}

with items as (select * from {{ ref('int_facet_items') }})

select one.item as item_1, two.item as item_2, one.context, count(*) as n
from items as one
inner join items as two on one.incident = two.incident and one.bit < two.bit
group by one.item, two.item, one.context
