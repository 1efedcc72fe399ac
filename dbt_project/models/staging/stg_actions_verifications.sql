-- One row per revision, action (parent_position) and verification of it.
select
    record_id,
    revision_id,
    parent_position,
    position,
    {{ adapter.quote('on') }},
    result
from {{ source('raw', 'actions_verifications') }}
