-- One row per thing a file said of a record (it holds a revision, or a tombstone: it holds the record no more) and the span
-- in which that was its last word, cut at T. Files stay apart here; int_known_revisions chooses among them.
{{ config(materialized='ephemeral') }}

with due as (select * from {{ source('raw', 'due_records') }}),

events as (
    select events.*
    from {{ source('raw', 'record_events') }} as events
    inner join due on events.record_id = due.record_id
),

revisions as (select record_id, revision_id, stated_revision, recorded_at from {{ source('raw', 'revisions') }}),

as_of as (select as_of from {{ source('raw', 'as_of') }}),

arrivals as (
    select
        events.*, revisions.stated_revision, revisions.recorded_at,
        max(events.known_at) over earlier_in_file as file_known_at,
        max(revisions.stated_revision) over earlier_in_file as file_revision
    from events
    left join revisions using (record_id, revision_id)
    window earlier_in_file as (
        partition by record_id, source, path
        order by generation, events.known_at, stated_revision nulls first, recorded_at nulls first, revision_id
        rows between unbounded preceding and 1 preceding
    )
),

-- A file says one thing at a time: what it says later but dates before what it said is known from its receipt. A lower
-- revision number is the exception: an older revision that came late stays in the past.
dated as (
    select
        record_id, revision_id, kind, source, path, stated_revision, recorded_at, generation,
        case
            when known_at < file_known_at and coalesce(stated_revision >= file_revision, true) then received_at
            else known_at
        end as known_from
    from arrivals
)

select
    dated.record_id,
    dated.revision_id,
    dated.kind,
    dated.source,
    dated.path,
    dated.stated_revision,
    dated.recorded_at,
    dated.known_from,
    lead(dated.known_from) over (
        partition by record_id, source, path
        order by known_from, generation, stated_revision nulls first, recorded_at nulls first, revision_id
    ) as known_to
from dated
inner join as_of on dated.known_from <= as_of.as_of
