-- How long do incidents of each severity last until they are mitigated, quarter by quarter?
-- One row per severity, quarter of the start and basis (stated or computed). Half took at most p50, nine in ten p90.
with asked as (
    select
        'mitigate' as phase_asked,  -- one of detect, acknowledge, mitigate, resolve
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        1 as least_incidents  -- with a duration, in a row; of fewer than ten p90 is the longest
)

select
    incidents.severity, date_trunc('quarter', timezone('UTC', incidents.started_at))::date as quarter_on, phases.basis,
    count(phases.minutes) as incidents, count(*) - count(phases.minutes) as without_minutes,
    round(quantile_disc(phases.minutes, 0.5))::bigint as p50_minutes, round(quantile_disc(phases.minutes, 0.9))::bigint as p90_minutes,
    round(min(phases.minutes))::bigint as shortest_minutes, round(max(phases.minutes))::bigint as longest_minutes
from marts.incident_phases as phases
join marts.incidents as incidents using (record_id)
cross join asked
where incidents.is_counted and phases.phase = asked.phase_asked and incidents.started_at_precision <> 'year'
    and timezone('UTC', incidents.started_at)::date >= asked.first_day
group by all
having count(phases.minutes) >= (select least_incidents from asked)
order by incidents.severity, quarter_on, phases.basis
