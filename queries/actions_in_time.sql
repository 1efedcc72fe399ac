-- Do teams carry out in time what they promised, by the quarter in which it was due?
-- One row per owning team and quarter. Of actions due by now that were accepted, so neither proposed nor rejected nor superseded.
with asked as (
    select
        date '2000-01-01' as first_due,  -- actions due earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

due as (
    select
        actions.owner_team, date_trunc('quarter', actions.due_on)::date as due_quarter_on, actions.is_open,
        actions.due_on, actions.implemented_on
    from marts.actions as actions, asked, raw.as_of as today
    where actions.due_on >= first_due and actions.due_on < timezone('UTC', today.as_of)::date
        and (actions.is_open or actions.implemented_on is not null or actions.status = 'done')
),

counts as (
    select
        owner_team, due_quarter_on, count(*) as due,
        count(*) filter (implemented_on <= due_on) as in_time,
        count(*) filter (implemented_on > due_on) as done_late,
        count(*) filter (implemented_on is null and is_open) as open_late,
        count(*) filter (implemented_on is null and not is_open) as done_without_day
    from due
    group by all
)

select
    owner_team, due_quarter_on, due, in_time, done_late, open_late, done_without_day,
    round(in_time / nullif(due - done_without_day, 0), 3) as share_in_time,
    round(analysis.share_low(in_time, due - done_without_day, z), 3) as share_low,
    round(analysis.share_high(in_time, due - done_without_day, z), 3) as share_high
from counts, asked
order by owner_team, due_quarter_on
