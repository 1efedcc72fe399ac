-- One row per record with any date at all: when it started, by the best of what was written, and its ISO week (UTC),
-- which a start that a rule finds impossible has not.
{{ config(materialized='by_record') }}

with records as (select * from {{ ref('int_due_records') }}),

aside as (select record_id from {{ ref('int_set_aside') }} where phase = 'week'),

timeline as (select * from {{ ref('stg_timeline') }}),

candidates as (
    select
        record_id, 1 as choice, 0 as position, 'impact_started_at' as basis,
        chronology_impact_started_at as started_at, chronology_impact_started_at_precision as precision
    from records
    union all
    select record_id, 2, 0, 'detected_at', chronology_detected_at, chronology_detected_at_precision
    from records
    union all
    select
        records.record_id,
        case when {{ has_clock_time('timeline.at_precision') }} then 3 when timeline.at_precision = 'day' then 4 else 5 end,
        timeline.position,
        case when {{ has_clock_time('timeline.at_precision') }} then 'first_timed_event' else 'first_dated_event' end,
        timeline.{{ adapter.quote('at') }},
        timeline.at_precision
    from records
    inner join timeline on records.record_id = timeline.record_id and records.revision_id = timeline.revision_id
),

chosen as (
    select *, row_number() over (partition by record_id order by choice, started_at, position) as place
    from candidates
    where started_at is not null
),

placed as (
    select
        chosen.record_id, started_at, basis, precision,
        case when precision not in ('year', 'month') and aside.record_id is null then {{ utc_day('started_at') }} end as started_on
    from chosen
    left join aside on chosen.record_id = aside.record_id
    where place = 1
)

select
    record_id,
    started_at,
    basis as started_at_basis,
    precision as started_at_precision,
    {{ iso_week('started_on') }} as started_week,
    cast(date_trunc('week', started_on) as date) as started_week_on
from placed
