-- One row per record and event of its timeline.
{{ config(materialized='by_record') }}

with records as (select record_id, revision_id from {{ ref('int_due_records') }}),

timeline as (select * from {{ ref('stg_timeline') }})

select
    timeline.record_id,
    timeline.position,
    timeline.{{ adapter.quote('at') }},
    timeline.at_text,
    timeline.at_precision,
    {{ has_clock_time('timeline.at_precision') }} as is_timed,
    timeline.event,
    timeline.source as source_text,
    timeline.actor_role
from records
inner join timeline on records.record_id = timeline.record_id and records.revision_id = timeline.revision_id
