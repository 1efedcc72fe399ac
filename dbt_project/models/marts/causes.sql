-- One row per record and cause it names: trigger, root cause or contributing factor, kept apart by kind.
{{ config(materialized='by_record') }}

with records as (select record_id, revision_id from {{ ref('int_due_records') }}),

triggers as (
    select
        record_id, revision_id, 'trigger' as kind, position, id, code, stated_as, null as layer, null as owner_team,
        description, null as hypothesis, null as priority, evidence
    from {{ ref('stg_triggers') }}
),

root_causes as (
    select
        record_id, revision_id, 'root_cause' as kind, position, id, code, stated_as, layer, owner_team,
        description, hypothesis, priority, evidence
    from {{ ref('stg_root_causes') }}
),

factors as (
    select
        record_id, revision_id, 'contributing_factor' as kind, position, id, code, stated_as, layer, owner_team,
        description, null as hypothesis, null as priority, evidence
    from {{ ref('stg_contributing_factors') }}
),

causes as (
    select * from root_causes
    union all
    select * from triggers
    union all
    select * from factors
)

select
    causes.record_id,
    causes.kind,
    causes.position,
    causes.id as cause_id,
    causes.code,
    causes.stated_as,
    causes.layer,
    causes.owner_team,
    causes.description,
    causes.hypothesis as hypothesis_id,
    causes.priority,
    cast({{ list_length(names('causes.evidence')) }} as bigint) as n_evidence
from records
inner join causes on records.record_id = causes.record_id and records.revision_id = causes.revision_id
