-- title: Which durations are known
-- question: For how many incidents known on T is each duration stated or computable?
select
    phases.phase,
    count(distinct phases.record_id) filter (basis = 'stated' and minutes is not null) as stated,
    count(distinct phases.record_id) filter (basis = 'computed' and minutes is not null) as computed,
    count(distinct phases.record_id) filter (minutes is not null) as known,
    count(distinct phases.record_id) filter (set_aside_by is not null) as set_aside
from marts.incident_phases as phases
join marts.incidents as incidents on incidents.record_id = phases.record_id
where incidents.is_counted
group by phases.phase
order by phases.phase
