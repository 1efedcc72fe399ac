-- Which accepted risks have run out, or are about to?
-- One row per risk whose last day is past, or will be within `days_ahead` days. A risk accepted without a last day is in no row.
with asked as (
    select
        0 as days_ahead  -- show also those that run out within so many days; 0 for those that have
)

select
    incidents.project, risks.record_id, risks.decision_id, risks.risk, risks.expires_on, risks.days_left, risks.is_expired,
    decisions.decider_role
from marts.accepted_risks as risks
join marts.incidents as incidents using (record_id)
join marts.decisions as decisions
    on decisions.record_id = risks.record_id and decisions.position = risks.decision_position
cross join asked
where risks.days_left < asked.days_ahead
order by risks.expires_on, risks.record_id, risks.decision_position, risks.position
