-- One row per group of facets: how many counted incidents name every facet of it, by category (columns of by_category).
{{ config(materialized='ephemeral') }}

with contexts as (select named, category, count(*) as n from {{ ref('int_facet_contexts') }} group by named, category)

select groups.facets, {{ by_category('sum(n)') }}
from (select {{ each_item(facet_groups()) }} as facets) as groups
inner join contexts on {{ holds_bits('contexts.named', 'groups.facets') }}
group by groups.facets
