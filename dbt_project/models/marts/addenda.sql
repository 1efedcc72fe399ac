-- One row per record and revision that became known after the record was first published: which parts it changed.
{{ config(materialized='by_record') }}

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
),

-- a copy or a move changes the file and not the revision
addenda as (
    select * from staged where known_from > published_from and revision_id <> previous_revision_id
),

contents as (select record_id, revision_id, record from {{ source('raw', 'revisions') }}),

sides as (
    select addenda.record_id, addenda.known_from, {{ each_part('contents.record') }} as part
    from addenda
    inner join contents on addenda.record_id = contents.record_id and addenda.revision_id = contents.revision_id
    union all
    select addenda.record_id, addenda.known_from, {{ each_part('contents.record') }}
    from addenda
    inner join contents
        on addenda.record_id = contents.record_id and addenda.previous_revision_id = contents.revision_id
),

-- a part that both have, and alike, is there twice with one content
parts as (
    select record_id, known_from, part.key as part
    from sides
    where part.key not in ('revision', 'recorded_at', 'schema_version')
    group by record_id, known_from, part.key
    having count(*) <> 2 or min(cast(part.value as varchar)) <> max(cast(part.value as varchar))
),

changed as (
    select record_id, known_from, {{ sorted_set('part') }} as changed_parts, count(*) as n_changed_parts
    from parts
    group by record_id, known_from
)

select
    addenda.record_id,
    addenda.revision_id,
    addenda.revision_number,
    addenda.known_from,
    addenda.stage,
    addenda.previous_revision_id,
    {{ days_between(utc_day('addenda.published_from'), utc_day('addenda.known_from')) }} as days_after_publication,
    coalesce(changed.changed_parts, {{ no_names() }}) as changed_parts,
    coalesce(changed.n_changed_parts, 0) as n_changed_parts
from addenda
left join changed on addenda.record_id = changed.record_id and addenda.known_from = changed.known_from
