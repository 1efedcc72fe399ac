{# The CTEs `spellings` (one row per way of writing a name in mentions(record_id, place, <name>)) and `names` (one row per name,
   spellings that differ in case or white space taken together; it shows the one most used). What is alike is asked once for
   each spelling and not for each mention. #}
{% macro spelled(mentions, name) -%}
spellings as (
    select
        {{ name }}, {{ name }}_key,
        row_number() over (partition by {{ name }}_key order by n_mentions desc, {{ name }}) as place
    from (
        select {{ name }}, {{ alike(name) }} as {{ name }}_key, count(*) as n_mentions
        from {{ mentions }}
        where trim({{ name }}) <> ''
        group by {{ name }}
    ) as written
),

names as (
    select
        max(case when place = 1 then {{ name }} end) as {{ name }},
        {{ name }}_key,
        {{ sorted_set(name) }} as spellings,
        count(*) as n_spellings
    from spellings
    group by {{ name }}_key
)
{%- endmacro %}
