-- title: Time to mitigate and to resolve
-- question: How long did the incidents of the 52 weeks up to the week of the page take, as stated by their authors and as computed from their times?
with population as (
    select record_id from marts.incidents
    where is_counted and started_week_on between $week_on - 51 * 7 and $week_on
)

select
    phases.phase, phases.basis,
    count(phases.minutes) as n,
    round(quantile_cont(phases.minutes, 0.5), 1) as p50_minutes,
    round(quantile_cont(phases.minutes, 0.9), 1) as p90_minutes,
    count(*) filter (phases.set_aside_by is not null) as set_aside,
    (select count(*) from population) as incidents
from marts.incident_phases as phases
join population on population.record_id = phases.record_id
where phases.phase in ('mitigate', 'resolve')
group by phases.phase, phases.basis
order by phases.phase, phases.basis
