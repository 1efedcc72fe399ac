-- title: What records and actions leave out
-- question: How many incidents name a root cause, and how many actions name a status, a team, a due date and a measure of success?
select
    (select count(*) from marts.incidents where is_counted) as incidents,
    (select count(distinct causes.record_id) from marts.causes as causes
        join marts.incidents as incidents on incidents.record_id = causes.record_id
        where incidents.is_counted and causes.kind = 'root_cause') as with_root_cause,
    count(*) as actions,
    count(*) filter (lateness <> 'not_stated') as with_status,
    count(*) filter (owner_team is not null) as with_team,
    count(*) filter (due_on is not null) as with_due_date,
    count(*) filter (success_metric is not null) as with_success_metric
from marts.actions
where lateness <> 'not_accepted'
