-- One row per pair or triple of facet values that at least three counted incidents share: in how many, and how many chance
-- would give: the most that any way of splitting it in two lets expect, within categories. Sets that fewer share are counted
-- in of_sets, for every set that occurs is a look at the data.
{{ config(materialized='table') }}

with items as (select * from {{ ref('int_facet_items') }}),

facet_values as (select * from {{ ref('int_facet_values') }}),

pairs as (select * from {{ ref('int_facet_pairs') }}),

margins as (select * from {{ ref('int_facet_margins') }}),

sizes as (select * from {{ ref('int_facet_sizes') }}),

-- grouped by numbers alone, since a million incidents make millions of sets; something went wrong in each (facet_groups)
sets as (
    select item_1, item_2, 0 as item_3, cast(sum(n) as bigint) as incidents
    from {{ ref('int_facet_pair_counts') }}
    where bit_1 < {{ facets()['artifact'] }}
    group by item_1, item_2
    union all
    select pairs.item_1, pairs.item_2, items.item, count(*)
    from pairs
    inner join items on pairs.incident = items.incident and pairs.bit_2 < items.bit
    where pairs.bit_1 < {{ facets()['artifact'] }}
    group by pairs.item_1, pairs.item_2, items.item
),

looks as (select count(*) as of_sets from sets),

kept as (
    select sets.*, looks.of_sets, v1.bit + v2.bit + coalesce(v3.bit, 0) as facets
    from sets
    cross join looks
    left join facet_values as v1 on sets.item_1 = v1.item
    left join facet_values as v2 on sets.item_2 = v2.item
    left join facet_values as v3 on sets.item_3 = v3.item
    where incidents >= 3
),

{#- the two sides of each split: two items of a set, or one, against the one that is left #}
splits as (
    {%- for whole, rest in [('item_1, item_2', 'item_3'), ('item_1, item_3', 'item_2'), ('item_2, item_3', 'item_1')] %}
    select *, {{ cell('facets', *whole.split(', ')) }} as a, {{ cell('facets', rest, '0') }} as b
    from kept
    where item_3 > 0
    union all
    {%- endfor %}
    select *, {{ cell('facets', 'item_1', '0') }}, {{ cell('facets', 'item_2', '0') }}
    from kept
    where item_3 = 0
),

-- in whole millionths, category by category: a sum of floats would depend on the order. The left joins hold the planner to
-- this order: with inner ones it met the margins with each other first (10,000 incidents: 47 CPU-s against 1, 2026-11-25)
chances as (
    select
        splits.*,
        {% for category in incident_categories() -%}
        coalesce(cast(round(1e6 * a.{{ category }} * b.{{ category }} / sizes.{{ category }}) as bigint), 0)
        {{- ' + ' if not loop.last }}
        {% endfor %} as expected
    from splits
    left join margins as a on splits.a = a.cell
    left join margins as b on splits.b = b.cell
    left join sizes on splits.facets = sizes.facets
),

expected as (
    select
        item_1, item_2, item_3, any_value(incidents) as incidents, max(expected) / 1e6 as expected,
        any_value(of_sets) as of_sets
    from chances
    group by item_1, item_2, item_3
)

select
    row_number() over (order by item_1, item_2, item_3) - 1 as set_no,
    {%- for facet in facets() %}
    case {% for n in [1, 2, 3] %}when v{{ n }}.facet = '{{ facet }}' then v{{ n }}.value {% endfor %}end as {{ facet }},
    {%- endfor %}
    incidents,
    expected,
    of_sets
from expected
left join facet_values as v1 on expected.item_1 = v1.item
left join facet_values as v2 on expected.item_2 = v2.item
left join facet_values as v3 on expected.item_3 = v3.item
