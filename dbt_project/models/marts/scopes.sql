-- One row per record and service, model or region it names as affected.
{{ config(materialized='by_record') }}

with records as ({{ due('records') }}),

named as (
    {% for kind in ['service', 'model', 'region'] %}
    select record_id, '{{ kind }}' as kind, {{ each_item(names('scope_' ~ kind ~ 's')) }} as name from records
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select distinct record_id, kind, name
from named
