-- One row per record and stay in a stage: from the revision with which the record entered it to the one with which it left.
{{ config(materialized='by_record') }}

with known as (
    select
        known.record_id, known.known_from, known.revision_id,
        lag(known.revision_id) over (partition by known.record_id order by known.known_from) as previous_revision_id
    from {{ ref('int_known_revisions') }} as known
    inner join {{ ref('int_due_records') }} as due on known.record_id = due.record_id
),

-- a copy or a move changes the file and not the revision
revisions as (
    select known.record_id, known.known_from, records.stage, records.revision as revision_number, records.recorded_at
    from known
    inner join {{ ref('stg_records') }} as records
        on known.record_id = records.record_id and known.revision_id = records.revision_id
    where known.revision_id is distinct from known.previous_revision_id
),

neighbours as (
    select
        revisions.*, lag(stage) over in_time as previous_stage,
        coalesce(recorded_at > lag(recorded_at) over in_time, recorded_at is not null and lag(stage) over in_time is null)
            as is_dated
    from revisions
    window in_time as (partition by record_id order by known_from)
),

-- one clock for a whole record: mixed, a stay could end before it began
dated as (
    select
        neighbours.*,
        case when bool_and(is_dated) over (partition by record_id) then 'recorded' else 'received' end as dated_by
    from neighbours
),

entries as (
    select
        record_id, stage, previous_stage, revision_number, dated_by,
        case when dated_by = 'recorded' then recorded_at else known_from end as entered_at
    from dated
    where stage is distinct from previous_stage
),

stays as (
    select
        entries.*,
        row_number() over in_time as position,
        lead(entered_at) over in_time as left_at
    from entries
    window in_time as (partition by record_id order by entered_at)
)

select
    record_id,
    position,
    stage,
    entered_at,
    left_at,
    {{ elapsed_minutes('entered_at', 'left_at') }} / 1440 as days,
    dated_by,
    position > 1 or coalesce(revision_number = 1, false) as is_entry_known
from stays
