-- One row per record and span of time in which one revision was what was known of it; the only place of "as known on T".
-- The row with no known_to is what is known on T. A record has gaps where every file that held it was gone.
{{ config(materialized='by_record') }}

with spans as (select * from {{ ref('int_path_spans') }}),

moments as (select distinct record_id, known_from as moment from spans),

-- Of the files that hold the record at a moment, one with a lower revision number that came later says nothing new,
-- and neither does a copy.
held as (
    select
        moments.moment, spans.*,
        min(spans.known_from) over (
            partition by moments.record_id, moments.moment, spans.revision_id
        ) as revision_known_from,
        max(spans.stated_revision) over (
            partition by moments.record_id, moments.moment order by spans.known_from
            range between unbounded preceding and current row
        ) as highest_revision
    from moments
    inner join spans
        on moments.record_id = spans.record_id
        and spans.known_from <= moments.moment
        and (spans.known_to > moments.moment or spans.known_to is null)
    where spans.kind = 'revision'
),

ranked as (
    select
        record_id, moment, revision_id, source, path,
        row_number() over (
            partition by record_id, moment
            order by
                revision_known_from desc, stated_revision desc nulls last, recorded_at desc nulls last,
                revision_id desc, known_from, source, path
        ) as place
    from held
    where stated_revision is null or stated_revision >= highest_revision
),

said as (
    select
        moments.record_id, moments.moment, ranked.revision_id, ranked.source, ranked.path,
        lag(ranked.revision_id) over record_in_time as previous_revision_id,
        lag(ranked.source) over record_in_time as previous_source,
        lag(ranked.path) over record_in_time as previous_path
    from moments
    left join ranked
        on moments.record_id = ranked.record_id and moments.moment = ranked.moment and ranked.place = 1
    window record_in_time as (partition by moments.record_id order by moments.moment)
),

changes as (
    select
        record_id, revision_id, source, path, moment as known_from,
        lead(moment) over (partition by record_id order by moment) as known_to
    from said
    where revision_id is distinct from previous_revision_id
        or source is distinct from previous_source
        or path is distinct from previous_path
)

select record_id, revision_id, source, path, known_from, known_to
from changes
where revision_id is not null
