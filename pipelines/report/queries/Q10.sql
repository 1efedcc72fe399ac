-- title: Every duration of Q6
-- question: Which values do the incidents of the 52 weeks up to the week of the page give, and how many give each?
select
    phases.phase, phases.basis, round(phases.minutes, 1) as rounded_minutes, count(*) as incidents
from marts.incident_phases as phases
join marts.incidents as incidents on incidents.record_id = phases.record_id
where incidents.is_counted and incidents.started_week_on between $week_on - 51 * 7 and $week_on
    and phases.phase in ('mitigate', 'resolve') and phases.minutes is not null
group by phases.phase, phases.basis, rounded_minutes
order by phases.phase, phases.basis, rounded_minutes
