-- One row per record and decision taken in it: the question, what was chosen, against what, and why.
{{ config(materialized='by_record') }}

with decisions as ({{ due('decisions') }}),

risks as (
    select record_id, parent_position as position, count(*) as n_risks
    from ({{ due('decisions_risks_accepted') }}) as written
    group by record_id, parent_position
)

select
    decisions.record_id,
    decisions.position,
    decisions.id as decision_id,
    decisions.decided_at,
    decisions.question,
    decisions.chosen,
    decisions.alternatives,
    cast({{ list_length(names('decisions.alternatives')) }} as bigint) as n_alternatives,
    decisions.rationale,
    decisions.dissent,
    decisions.decider_role,
    coalesce(risks.n_risks, 0) as n_risks_accepted
from decisions
left join risks on decisions.record_id = risks.record_id and decisions.position = risks.position
