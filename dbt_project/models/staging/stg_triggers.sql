-- One row per revision and trigger: what set the incident off, apart from why it could.
select
    record_id,
    revision_id,
    position,
    id,
    code,
    stated_as,
    description,
    evidence
from {{ source('raw', 'triggers') }}
