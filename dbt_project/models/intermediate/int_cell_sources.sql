-- One row per cell of the matrix of symptoms and hypotheses and independent source of the evidence it rests on. Pieces of
-- one source_group repeat each other's error and are one source; a piece without a group stands for itself.
{{ config(materialized='ephemeral') }}

with cells as ({{ due('analysis_matrix') }}),

evidence as ({{ due('evidence') }}),

named as (select record_id, position, {{ each_item('evidence') }} as evidence_id from cells)

select distinct named.record_id, named.position, coalesce(evidence.source_group, evidence.id) as source_group
from named
inner join evidence on named.record_id = evidence.record_id and named.evidence_id = evidence.id
