-- One row per revision and root cause.
select
    record_id,
    revision_id,
    position,
    id,
    code,
    stated_as,
    layer,
    description,
    hypothesis,
    priority,
    owner_team,
    evidence
from {{ source('raw', 'root_causes') }}
