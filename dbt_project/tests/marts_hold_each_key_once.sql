-- Every mart, by the key its contract names.
{% for mart, key in mart_keys() %}
(
    select '{{ mart }}' as mart, count(*) as n
    from {{ ref(mart) }}
    {%- if is_by_record(mart) %}
    where {{ is_due() }}
    {%- endif %}
    group by {% for column in key %}{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor %}
    having count(*) <> 1
    limit 1
)
{{ 'union all' if not loop.last }}
{% endfor %}
