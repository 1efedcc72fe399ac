-- One row per group of facets, category and one or two values of it: among the incidents that name every facet of the group,
-- how many have these values, and how many there are. Who names no factor says nothing of how often a factor comes with a cause.
{{ config(materialized='ephemeral') }}

with items as (select * from {{ ref('int_facet_items') }}),

contexts as (select * from {{ ref('int_facet_contexts') }}),

groups as (select {{ each_item(facet_groups()) }} as facets),

-- a set of three incidents has no pair of fewer, so that those are not looked for
frequent as (
    select item_1, item_2 from {{ ref('int_facet_pairs') }} group by item_1, item_2 having sum(n) >= 3
),

counted as (
    select item as item_1, 0 as item_2, bit as bits, context, count(*) as n
    from items
    group by item, bit, context
    union all
    select pairs.item_1, pairs.item_2, v1.bit + v2.bit, pairs.context, pairs.n
    from {{ ref('int_facet_pairs') }} as pairs
    inner join frequent on pairs.item_1 = frequent.item_1 and pairs.item_2 = frequent.item_2
    left join {{ ref('int_facet_values') }} as v1 on pairs.item_1 = v1.item
    left join {{ ref('int_facet_values') }} as v2 on pairs.item_2 = v2.item
),

sizes as (
    select facets, category, sum(n) as of_n
    from groups
    inner join contexts on {{ holds_bits('named', 'facets') }}
    group by facets, category
),

margins as (
    select groups.facets, contexts.category, item_1, item_2, bits, sum(counted.n) as n
    from counted
    inner join contexts on counted.context = contexts.context
    inner join groups on {{ holds_bits('contexts.named', 'groups.facets') }} and {{ holds_bits('groups.facets', 'counted.bits') }}
    group by groups.facets, contexts.category, item_1, item_2, bits
)

select margins.*, sizes.of_n
from margins
inner join sizes on margins.facets = sizes.facets and margins.category = sizes.category
