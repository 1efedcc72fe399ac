-- title: Ahead
-- question: Which accepted actions fall due in the 14 days after T?
select
    owner_team as team, count(*) as actions, strftime(min(due_on), '%Y-%m-%d') as first_due_on
from marts.actions
where is_open and lateness = 'on_time' and due_on <= $as_of_on + 14
group by owner_team
order by actions desc, team nulls last
