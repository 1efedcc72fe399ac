-- One row per record and cell of its matrix: how far a symptom, on named evidence, speaks for or against a hypothesis.
{{ config(materialized='by_record') }}

with cells as ({{ due('analysis_matrix') }}),

symptoms as (select record_id, id, min(text) as text from ({{ due('analysis_symptoms') }}) as written group by record_id, id),

sources as (
    select record_id, position, count(*) as n_sources from {{ ref('int_cell_sources') }} group by record_id, position
),

words as (select word, ratio from {{ source('raw', 'words') }} where vocabulary = 'consistencies')

select
    cells.record_id,
    cells.position,
    cells.symptom as symptom_id,
    symptoms.text as symptom,
    cells.hypothesis as hypothesis_id,
    cells.consistency,
    words.ratio as likelihood_ratio,
    cells.credibility,
    cells.evidence,
    cast({{ list_length(names('cells.evidence')) }} as bigint) as n_evidence,
    coalesce(sources.n_sources, 0) as n_sources
from cells
left join symptoms on cells.record_id = symptoms.record_id and cells.symptom = symptoms.id
left join sources on cells.record_id = sources.record_id and cells.position = sources.position
left join words on cells.consistency = words.word
