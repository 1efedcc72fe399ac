-- title: Every duration of Q6
-- question: Which value does each incident of the 52 weeks up to the week of the page give?
select
    phases.phase, phases.basis, round(phases.minutes, 1) as minutes, phases.record_id
from marts.incident_phases as phases
join marts.incidents as incidents on incidents.record_id = phases.record_id
where incidents.is_counted and incidents.started_week_on between $week_on - 51 * 7 and $week_on
    and phases.phase in ('mitigate', 'resolve') and phases.minutes is not null
order by phases.phase, phases.basis, minutes, phases.record_id
