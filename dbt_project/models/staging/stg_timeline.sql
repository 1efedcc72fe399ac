-- One row per revision and event of its timeline.
select
    record_id,
    revision_id,
    position,
    {{ adapter.quote('at') }},
    at_text,
    at_precision,
    event,
    source,
    actor_role
from {{ source('raw', 'timeline') }}
