-- title: Causes that were named
-- question: Which triggers, root causes and contributing factors do the incidents of the 52 weeks up to the week of the page name?
with named as (
    select distinct
        causes.kind, coalesce(causes.code, 'not_coded') as code, causes.record_id, causes.owner_team,
        coalesce(incidents.started_week_on between $week_on - 51 * 7 and $week_on, false) as is_recent
    from marts.causes as causes
    join marts.incidents as incidents on incidents.record_id = causes.record_id
    where incidents.is_counted
)

select
    kind, code,
    count(distinct record_id) filter (is_recent) as incidents,
    count(distinct owner_team) filter (is_recent) as teams,
    count(distinct record_id) as incidents_ever
from named
group by kind, code
order by kind, incidents desc, incidents_ever desc, code
