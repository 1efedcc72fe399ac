-- One row per record and revision that became known after the record was first published, and the revision before it.
-- A table, so that what reads it knows how few they are: planned without, the next step held every record's text in memory.
{{ config(materialized='table') }}

with spans as (
    select known.record_id, known.revision_id, known.known_from
    from {{ ref('int_known_revisions') }} as known
    inner join {{ ref('int_due_records') }} as records on known.record_id = records.record_id
),

staged as (
    select
        spans.*, records.stage, records.revision as revision_number,
        lag(spans.revision_id) over in_time as previous_revision_id,
        min(case when records.stage in ('published', 'verified') then spans.known_from end) over in_time as published_from
    from spans
    inner join {{ ref('stg_records') }} as records
        on spans.record_id = records.record_id and spans.revision_id = records.revision_id
    window in_time as (partition by spans.record_id order by spans.known_from)
)

-- a copy or a move changes the file and not the revision
select *
from staged
where known_from > published_from and revision_id <> previous_revision_id
