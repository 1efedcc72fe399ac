-- One row per counted incident and two facet values that it has.
{{ config(materialized='ephemeral') }}

with items as (select * from {{ ref('int_facet_items') }})

select one.incident, one.item as item_1, two.item as item_2, one.bit as bit_1, two.bit as bit_2
from items as one
inner join items as two on one.incident = two.incident and one.bit < two.bit
