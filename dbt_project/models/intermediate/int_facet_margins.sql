-- One row per group of facets, one or two values of it (together a cell) and category: among the incidents that name every
-- facet of the group, how many have these values, and how many there are. Who names no factor says nothing of how often a
-- factor comes with a cause.
{{ config(materialized='ephemeral') }}

with incidents as (select * from {{ ref('int_facet_contexts') }}),

contexts as (select context, named, category_no, count(*) as n from incidents group by context, named, category_no),

cells as (
    select facets, category_no, context, cast(sum(n) over (partition by facets, category_no) as bigint) as of_n
    from (select {{ each_item(facet_groups()) }} as facets) as groups
    inner join contexts on {{ holds_bits('named', 'facets') }}
),

pairs as (
    select item_1, item_2, context, any_value(bit_1 + bit_2) as bits, count(*) as n
    from {{ ref('int_facet_pairs') }} as pairs
    inner join incidents on pairs.incident = incidents.incident
    group by item_1, item_2, context
),

-- a set of three incidents has no pair of fewer, so that those are not looked for
frequent as (select item_1, item_2 from pairs group by item_1, item_2 having sum(n) >= 3),

counted as (
    select item as item_1, 0 as item_2, context, any_value(bit) as bits, count(*) as n
    from {{ ref('int_facet_items') }} as items
    inner join incidents on items.incident = incidents.incident
    group by item, context
    union all
    select pairs.*
    from pairs
    inner join frequent on pairs.item_1 = frequent.item_1 and pairs.item_2 = frequent.item_2
)

select
    {{ cell('cells.facets', 'item_1', 'item_2') }} as cell, cells.category_no,
    cast(sum(counted.n) as bigint) as n, any_value(cells.of_n) as of_n
from counted
inner join cells on counted.context = cells.context and {{ holds_bits('cells.facets', 'counted.bits') }}
group by cell, cells.category_no
