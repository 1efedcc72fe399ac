-- One row per record and lever on which it says anything: whether the lever took part, was ruled out or not looked at.
{{ config(materialized='by_record') }}

with records as ({{ due('records') }}),

levers as (
    {% for lever in levers() %}
    select
        record_id, '{{ lever }}' as lever, levers_{{ lever }}_finding as finding, levers_{{ lever }}_note as note
    from records
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select record_id, lever, finding, note
from levers
where finding is not null or note is not null
