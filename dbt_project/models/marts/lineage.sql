-- One row per record, artifact and artifact it is directly derived from, and how far the artifact is from the cause.
{{ config(materialized='by_record') }}

with recursive artifacts as ({{ due('context_artifacts') }}),

-- an id given twice means the first
ids as (select record_id, id, min(position) as position from artifacts group by record_id, id),

named as (
    select distinct record_id, position, derived_from_id
    from (select record_id, position, {{ each_item(names('derived_from')) }} as derived_from_id from artifacts) as links
),

edges as (
    select named.record_id, named.position, named.derived_from_id, ids.position as from_position
    from named
    left join ids on named.record_id = ids.record_id and named.derived_from_id = ids.id
),

causes as (select record_id, position from artifacts where role = 'cause'),

{{ reached('causes', 'edges') }}

select
    artifacts.record_id,
    artifacts.position,
    artifacts.id as artifact_id,
    artifacts.kind,
    artifacts.name,
    artifacts.version,
    artifacts.role,
    edges.derived_from_id,
    origins.kind as derived_from_kind,
    origins.name as derived_from_name,
    origins.role as derived_from_role,
    cast(reached.steps as bigint) as steps_from_cause,
    case when artifacts.role = 'affected' then reached.steps is not null end as is_traced_to_cause
from artifacts
left join edges on artifacts.record_id = edges.record_id and artifacts.position = edges.position
left join artifacts as origins on edges.record_id = origins.record_id and edges.from_position = origins.position
left join reached on artifacts.record_id = reached.record_id and artifacts.position = reached.position
