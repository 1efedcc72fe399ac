-- One row per facet value that any counted incident names, with a number, since numbers are joined faster than words.
{{ config(materialized='ephemeral') }}

select
    facet,
    value,
    cast(case facet {% for facet, bit in facets().items() %}when '{{ facet }}' then {{ bit }} {% endfor %}end as tinyint) as bit,
    cast(row_number() over (order by facet, value) as integer) as item
from (select distinct facet, value from {{ ref('int_facets') }} where facet in ('{{ facets() | join("', '") }}')) as said
