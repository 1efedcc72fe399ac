-- One row per revision and contributing factor.
select
    record_id,
    revision_id,
    position,
    id,
    code,
    stated_as,
    layer,
    description,
    owner_team,
    evidence
from {{ source('raw', 'contributing_factors') }}
