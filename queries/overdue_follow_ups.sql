-- Which follow-ups are overdue?
-- One row per follow-up whose day is past by more than `least_days_overdue` and that has no result.
with asked as (
    select
        0 as least_days_overdue  -- a follow-up overdue by so many days or fewer is left out
)

select
    incidents.project, follow_ups.record_id, follow_ups.position, follow_ups.what, follow_ups."on" as due_on,
    follow_ups.days_overdue, follow_ups.target_kind
from marts.follow_ups as follow_ups
join marts.incidents as incidents using (record_id)
cross join asked
where follow_ups.is_overdue and follow_ups.days_overdue > asked.least_days_overdue
order by follow_ups.days_overdue desc, follow_ups.record_id, follow_ups.position
