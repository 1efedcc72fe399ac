-- Which controls that were missing or failed would have helped in most incidents?
-- One row per control as written. The share is of incidents that name any control; what it would have done is a judgement.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        3 as least_incidents,  -- that name the control
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

named as (
    select
        controls.control, controls.record_id, controls.existed, controls.would_have, incidents.project,
        timezone('UTC', incidents.started_at)::date as started_on
    from marts.counterfactuals as controls
    join marts.incidents as incidents using (record_id)
    cross join asked
    where incidents.is_counted and timezone('UTC', incidents.started_at)::date >= first_day
),

counts as (
    select
        control, min(started_on) as first_on, max(started_on) as last_on,
        count(distinct record_id) as incidents, count(distinct project) as projects,
        count(distinct record_id) filter (existed = 'no') as missing,
        count(distinct record_id) filter (existed = 'failed') as failed,
        count(distinct record_id) filter (would_have = 'prevented') as prevented,
        count(distinct record_id) filter (would_have = 'detected') as detected,
        count(distinct record_id) filter (would_have = 'mitigated') as mitigated,
        (select count(distinct record_id) from named) as of_incidents
    from named
    where existed in ('no', 'failed')
    group by control
)

select
    control, first_on, last_on, incidents, of_incidents, projects, missing, failed, prevented, detected, mitigated,
    round(incidents / of_incidents, 3) as share,
    round(analysis.share_low(incidents, of_incidents, z), 3) as share_low,
    round(analysis.share_high(incidents, of_incidents, z), 3) as share_high
from counts, asked
where incidents >= least_incidents
order by incidents desc, control
