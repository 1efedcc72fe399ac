-- title: What calls for a decision
-- question: Which accepted actions are late by more than 30 days, and which fixes did not hold, as known on T?
select
    case when verification = 'did_not_hold' then 'did_not_hold' else 'late_over_30' end as reason,
    owner_team as team, record_id, action_id, title, strftime(due_on, '%Y-%m-%d') as due_on, days_late
from marts.actions
where (verification = 'did_not_hold' and lateness not in ('not_accepted', 'not_stated')) or lateness = 'late_over_30'
order by reason, team nulls last, days_late desc nulls last, record_id, position
