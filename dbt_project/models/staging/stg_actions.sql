-- One row per revision and action.
select
    record_id,
    revision_id,
    position,
    id,
    title,
    kind,
    measure,
    status,
    owner_team,
    due_on,
    implemented_on,
    verify_on,
    success_metric,
    success_target,
    prevents
from {{ source('raw', 'actions') }}
