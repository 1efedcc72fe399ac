-- One row per record, phase and basis about which the record says anything, before anything is set aside.
-- Stated is what people wrote, computed is the difference of two written moments; neither ever fills in for the other.
{{ config(materialized='ephemeral') }}
{% set phases = {
    'detect': ('impact_started_at', 'detected_at'),
    'acknowledge': ('detected_at', 'acknowledged_at'),
    'mitigate': ('impact_started_at', 'mitigated_at'),
    'resolve': ('impact_started_at', 'resolved_at'),
} %}

with records as (select * from {{ ref('int_due_records') }}),

states as (
    select states.record_id, states.revision_id, states.field, min(states.state) as state
    from {{ source('raw', 'field_states') }} as states
    inner join records on states.record_id = records.record_id and states.revision_id = records.revision_id
    where states.field like 'chronology.%'
    group by states.record_id, states.revision_id, states.field
),

stated as (
    {% for phase in phases %}
    select
        record_id, revision_id, '{{ phase }}' as phase,
        'chronology.stated.time_to_{{ phase }}_minutes' as field,
        cast(chronology_stated_time_to_{{ phase }}_minutes as double) as minutes,
        chronology_stated_time_to_{{ phase }}_text as stated_text
    from records
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

moments as (
    {% for phase, (from_field, to_field) in phases.items() %}
    select
        record_id, revision_id, '{{ phase }}' as phase,
        'chronology.{{ from_field }}' as from_field, 'chronology.{{ to_field }}' as to_field,
        chronology_{{ from_field }} as from_at, chronology_{{ to_field }} as to_at,
        chronology_{{ from_field }}_precision as from_precision, chronology_{{ to_field }}_precision as to_precision
    from records
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        moments.*,
        coalesce(ends.state, starts.state) as state,
        case
            when {{ has_clock_time('from_precision') }} and {{ has_clock_time('to_precision') }}
                then {{ elapsed_minutes('from_at', 'to_at') }}
        end as minutes,
        case
            when 'year' in (from_precision, to_precision) then 'year'
            when 'month' in (from_precision, to_precision) then 'month'
            when 'day' in (from_precision, to_precision) then 'day'
            when 'minute' in (from_precision, to_precision) then 'minute'
            else from_precision
        end as precision
    from moments
    left join states as starts
        on moments.record_id = starts.record_id and moments.revision_id = starts.revision_id
        and moments.from_field = starts.field
    left join states as ends
        on moments.record_id = ends.record_id and moments.revision_id = ends.revision_id
        and moments.to_field = ends.field
    where coalesce(starts.state, cast(from_at as varchar)) is not null
        and coalesce(ends.state, cast(to_at as varchar)) is not null
)

select
    stated.record_id, stated.revision_id, stated.phase, 'stated' as basis, stated.minutes, stated.stated_text, states.state,
    cast(null as varchar) as from_field, cast(null as varchar) as to_field, cast(null as varchar) as precision
from stated
left join states
    on stated.record_id = states.record_id and stated.revision_id = states.revision_id and stated.field = states.field
where stated.minutes is not null or stated.stated_text is not null or states.state is not null
union all
select
    record_id, revision_id, phase, 'computed', minutes, null, state, from_field, to_field,
    case when state is null then precision end
from computed
