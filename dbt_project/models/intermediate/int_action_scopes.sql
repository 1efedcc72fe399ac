-- One row per action that is to prevent coded causes: the places (services, artifacts) and the codes for which it is meant to
-- matter. Where an action names no place its record's services are meant. An incident is in its scope that shares both.
{{ config(materialized='by_record') }}

with actions as ({{ due('actions') }}),

records as ({{ due('records') }}),

causes as (
    {%- for section in ['root_causes', 'contributing_factors'] %}
    select record_id, id, code from ({{ due(section) }}) as {{ section }} where code is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

named as (
    {%- for facet in ['service', 'artifact'] %}
    select record_id, position, '{{ facet }} ' || {{ alike('name') }} as place
    from (select record_id, position, {{ each_item(names('scope_' ~ facet ~ 's')) }} as name from actions) as {{ facet }}s
    union all
    {%- endfor %}
    select actions.record_id, actions.position, 'service ' || {{ alike('name') }}
    from (select record_id, {{ each_item(names('scope_services')) }} as name from records) as services
    inner join actions on services.record_id = actions.record_id
    where {{ list_length(names('actions.scope_services')) }} + {{ list_length(names('actions.scope_artifacts')) }} = 0
),

places as (select record_id, position, {{ sorted_set('place') }} as places from named group by record_id, position),

prevented as (select record_id, position, {{ each_item('prevents') }} as cause_id from actions),

codes as (
    select prevented.record_id, prevented.position, {{ sorted_set('causes.code') }} as codes
    from prevented
    inner join causes on prevented.record_id = causes.record_id and prevented.cause_id = causes.id
    group by prevented.record_id, prevented.position
)

select places.record_id, places.position, places.places, codes.codes
from places
inner join codes on places.record_id = codes.record_id and places.position = codes.position
