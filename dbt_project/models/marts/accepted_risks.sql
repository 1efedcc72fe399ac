-- One row per record, decision and risk accepted with it, and whether the acceptance has run out on T.

with risks as ({{ known('decisions_risks_accepted') }}),

decisions as ({{ known('decisions') }}),

as_of as (select * from {{ ref('int_as_of') }})

select
    risks.record_id,
    risks.parent_position as decision_position,
    risks.position,
    decisions.id as decision_id,
    decisions.decided_at,
    risks.text as risk,
    risks.expires_on,
    risks.expires_on < as_of.as_of_on as is_expired,
    {{ days_between('as_of.as_of_on', 'risks.expires_on') }} as days_left
from risks
cross join as_of
left join decisions on risks.record_id = decisions.record_id and risks.parent_position = decisions.position
