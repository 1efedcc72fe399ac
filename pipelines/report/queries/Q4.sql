-- title: Preventive actions by team
-- question: How many accepted actions of each team are late, on time, or without a due date, as known on T?
select
    owner_team as team,
    count(*) filter (lateness = 'late_over_30') as late_over_30,
    count(*) filter (lateness = 'late') as late,
    count(*) filter (lateness = 'on_time') as on_time,
    count(*) filter (lateness = 'no_due_date') as no_due_date,
    count(*) filter (lateness = 'closed') as closed,
    count(*) filter (lateness = 'not_accepted') as not_accepted,
    count(*) filter (lateness = 'not_stated') as not_stated
from marts.actions
group by owner_team
order by late_over_30 desc, late desc, on_time desc, no_due_date desc, team nulls last
