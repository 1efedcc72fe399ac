-- One row per record and piece of evidence: its kind, whether it can be run again, and which source it is of.
{{ config(materialized='by_record') }}

with evidence as ({{ due('evidence') }}),

data as (
    select record_id, parent_position as position, count(*) as n_data
    from ({{ due('evidence_data') }}) as written
    group by record_id, parent_position
)

select
    evidence.record_id,
    evidence.position,
    evidence.id as evidence_id,
    evidence.kind,
    evidence.statement,
    evidence.uri,
    evidence.path,
    evidence.sha256,
    evidence.captured_at,
    evidence.window_from,
    evidence.window_to,
    evidence.query,
    evidence.expected_value,
    evidence.expected_tolerance,
    coalesce(data.n_data, 0) as n_data,
    evidence.query is not null and evidence.expected_value is not null and data.n_data is not null as is_rerunnable,
    evidence.source_group,
    coalesce(evidence.source_group, evidence.id) as independent_source
from evidence
left join data on evidence.record_id = data.record_id and evidence.position = data.position
