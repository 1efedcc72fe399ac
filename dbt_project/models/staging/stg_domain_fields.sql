-- One row per revision and field of its domain pack that holds a value; the packs' tables and fields are generated.
{% for table in domain_tables() %}
select
    record_id, revision_id, '{{ table.domain }}' as domain,
    {{ table.position or 'cast(null as integer)' }} as position,
    {% set pairs = [] %}
    {%- for field, column, is_list in table.fields %}
    {%- set quoted = adapter.quote(column) %}
    {%- do pairs.append((field, joined(names(quoted)) if is_list else 'cast(' ~ quoted ~ ' as varchar)')) %}
    {%- endfor %}
    {{- each_pair(pairs) }}
from {{ source('raw', table.table) }}
{{ 'union all' if not loop.last }}
{% else %}
select record_id, revision_id, cast(null as varchar) as domain, cast(null as integer) as position,
    cast(null as varchar) as field, cast(null as varchar) as value
from {{ source('raw', 'records') }}
where false
{% endfor %}
