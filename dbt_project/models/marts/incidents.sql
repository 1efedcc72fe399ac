-- One row per record known on T: what it is about, when it started, and whether it counts as an incident.
{{ config(materialized='by_record') }}

with records as (select * from {{ ref('int_due_records') }}),

starts as (select * from {{ ref('int_incident_starts') }}),

faults as (select distinct record_id, revision_id from {{ ref('int_set_aside') }})

select
    records.record_id,
    records.revision_id,
    records.source,
    records.path,
    records.line,
    records.title,
    records.record_kind,
    records.stage,
    records.provenance,
    records.domain,
    records.project,
    records.category,
    records.subcategory,
    records.severity,
    records.detection_source,
    records.is_counted,
    starts.started_at,
    starts.started_at_basis,
    starts.started_at_precision,
    starts.started_week,
    starts.started_week_on,
    records.chronology_detected_at as detected_at,
    records.chronology_mitigated_at as mitigated_at,
    records.chronology_resolved_at as resolved_at,
    faults.record_id is not null as is_chronology_faulty,
    records.url,
    records.recorded_at,
    records.known_at
from records
left join starts on records.record_id = starts.record_id
left join faults on records.record_id = faults.record_id and records.revision_id = faults.revision_id
