-- After which actions did the incidents they were meant to prevent become fewer, and until when can nobody tell?
-- One row per action whose scope (its places; the codes of the causes it prevents) had enough incidents.
with asked as (
    select
        0 as least_incidents  -- in scope, before and after together; the page counts all
)

select
    judged.record_id, judged.action_id, actions.title, judged.owner_team, places, codes, judged.implemented_on,
    incidents_before, round(days_before / 7, 1) as weeks_before, incidents_left_out,
    incidents_after, uncoded_before, uncoded_after, beside_before, beside_after, round(days_after / 7, 1) as weeks_after, round(days_unfiled / 7, 1) as weeks_unfiled,
    round(rate_ratio, 2) as rate_ratio, round(ratio_low, 2) as ratio_low, round(ratio_high, 2) as ratio_high,
    round(others_ratio, 2) as others_ratio, round(p_reduced, 3) as p_reduced, round(p_worse, 3) as p_worse, judged.verdict, cannot_tell_until, method
from analysis.prevention as judged
join marts.actions as actions using (record_id, position)
cross join asked
where judged.unit = 'action'
    and incidents_before + coalesce(incidents_after, incidents_left_out) >= least_incidents
order by judged.record_id, position
