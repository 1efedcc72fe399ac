-- One row per group of facets, category and one or two values of it: among the incidents that name every facet of the group,
-- how many have these values, and how many there are. Who names no factor says nothing of how often a factor comes with a cause.
{{ config(materialized='ephemeral') }}

with items as (select * from {{ ref('int_facet_items') }}),

groups as (select {{ each_item(facet_groups()) }} as facets),

alone as (
    select item as item_1, 0 as item_2, bit as bits, named, category, count(*) as n
    from items
    group by item, bit, named, category
),

paired as (
    select one.item as item_1, two.item as item_2, one.bit + two.bit as bits, one.named, one.category, count(*) as n
    from items as one
    inner join items as two on one.incident = two.incident and one.bit < two.bit
    group by one.item, two.item, one.bit, two.bit, one.named, one.category
),

counted as (select * from alone union all select * from paired),

incidents as (
    select named, category, count(*) as n
    from (select distinct incident, named, category from items) as each_once
    group by named, category
),

sizes as (
    select facets, category, sum(n) as of_n
    from groups
    inner join incidents on {{ holds_bits('named', 'facets') }}
    group by facets, category
),

margins as (
    select facets, category, item_1, item_2, bits, sum(n) as n
    from groups
    inner join counted on {{ holds_bits('named', 'facets') }} and {{ holds_bits('facets', 'bits') }}
    group by facets, category, item_1, item_2, bits
)

select margins.*, sizes.of_n
from margins
inner join sizes on margins.facets = sizes.facets and margins.category = sizes.category
