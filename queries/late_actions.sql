-- Which accepted actions are late, by how much, and against which causes?
-- One row per action that is late by more than `least_days_late` days.
with asked as (
    select
        0 as least_days_late  -- an action late by so many days or fewer is left out
)

select
    actions.owner_team,
    actions.record_id,
    actions.action_id,
    actions.title,
    actions.due_on,
    actions.days_late,
    list_sort(list(causes.code) filter (causes.code is not null)) as prevents
from marts.actions as actions
cross join asked
left join marts.causes as causes
    on causes.record_id = actions.record_id and list_contains(actions.prevents, causes.cause_id)
where actions.is_open and actions.days_late > asked.least_days_late
group by all
order by actions.days_late desc, actions.record_id, actions.action_id
