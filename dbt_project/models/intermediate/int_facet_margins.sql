-- One row per group of facets and one or two values of it (together a cell): among the incidents that name every facet of
-- the group, how many have these values, by category. Who names no factor says nothing of how often a factor comes with a cause.
{{ config(materialized='ephemeral') }}

with incidents as (select * from {{ ref('int_facet_contexts') }}),

cells as (
    select facets, category, context
    from (select {{ each_item(facet_groups()) }} as facets) as groups
    inner join (select distinct context, named, category from incidents) as contexts on {{ holds_bits('named', 'facets') }}
),

pairs as (select * from {{ ref('int_facet_pair_counts') }}),

-- a set of three incidents has no pair of fewer, so that those are not looked for
frequent as (select item_1, item_2 from pairs group by item_1, item_2 having sum(n) >= 3),

counted as (
    select item as item_1, 0 as item_2, context, any_value(bit) as bits, count(*) as n
    from {{ ref('int_facet_items') }} as items
    inner join incidents on items.incident = incidents.incident
    group by item, context
    union all
    select pairs.item_1, pairs.item_2, pairs.context, bit_1 + bit_2, n
    from pairs
    inner join frequent on pairs.item_1 = frequent.item_1 and pairs.item_2 = frequent.item_2
)

select {{ cell('cells.facets', 'item_1', 'item_2') }} as cell, {{ by_category('sum(n)') }}
from counted
inner join cells on counted.context = cells.context and {{ holds_bits('cells.facets', 'counted.bits') }}
group by cell
