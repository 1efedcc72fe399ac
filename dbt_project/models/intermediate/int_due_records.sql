-- One row per record known on T whose rows this build makes anew, in the revision known on T: what every model that is built
-- by record starts from. In a full build that is every record (raw.due_records says which).
{{ config(materialized='table') }}

with due as (select * from {{ source('raw', 'due_records') }}),

known as (
    select known.*
    from {{ ref('int_known_revisions') }} as known
    inner join due on known.record_id = due.record_id
    where known.known_to is null
),

revisions as (select * from {{ source('raw', 'revisions') }}),

records as (select * from {{ ref('stg_records') }})

select
    records.record_id,
    records.revision_id,
    records.title,
    coalesce(records.record_kind, 'incident') as record_kind,
    records.stage,
    records.provenance,
    records.domain,
    records.project,
    records.category,
    records.subcategory,
    records.severity,
    records.detection_source,
    records.url,
    coalesce(records.record_kind, 'incident') = 'incident'
        and not coalesce(records.exclude_from_metrics, false) as is_counted,
    coalesce(records.record_kind = 'near_miss', false)
        and not coalesce(records.exclude_from_metrics, false) as is_near_miss,
    {%- for moment in ['impact_started_at', 'detected_at', 'acknowledged_at', 'mitigated_at', 'resolved_at'] %}
    records.chronology_{{ moment }},
    records.chronology_{{ moment }}_precision,
    {%- endfor %}
    {%- for phase in ['detect', 'acknowledge', 'mitigate', 'resolve'] %}
    records.chronology_stated_time_to_{{ phase }}_minutes,
    records.chronology_stated_time_to_{{ phase }}_text,
    {%- endfor %}
    known.source,
    known.path,
    case when known.source = revisions.source and known.path = revisions.path then revisions.line end as line,
    known.known_from as known_at,
    revisions.recorded_at
from known
inner join revisions
    on known.record_id = revisions.record_id and known.revision_id = revisions.revision_id
inner join records
    on known.record_id = records.record_id and known.revision_id = records.revision_id
