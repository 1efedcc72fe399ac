-- One row per record and test of a hypothesis: what it predicts on a slice, and what was seen.
{{ config(materialized='by_record') }}

with tests as ({{ due('analysis_tests') }})

select
    record_id,
    position,
    hypothesis as hypothesis_id,
    round,
    slice,
    expected,
    observed,
    evidence,
    cast({{ list_length(names('evidence')) }} as bigint) as n_evidence
from tests
