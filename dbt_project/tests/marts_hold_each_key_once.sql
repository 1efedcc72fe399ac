-- Every mart, by the key its contract names.
{% for mart, key in mart_keys() %}
(
    select '{{ mart }}' as mart, count(*) as n
    from {{ ref(mart) }}
    group by {% for column in key %}{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor %}
    having count(*) <> 1
    limit 1
)
{{ 'union all' if not loop.last }}
{% endfor %}
