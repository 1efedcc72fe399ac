-- Which controls that were missing or failed would have prevented most incidents?
-- One row per control as written. Of incidents that name any control; what it would have done is the authors' judgement.
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
        count(distinct record_id) filter (would_have = 'mitigated') as mitigated
    from named
    where existed in ('no', 'failed')
    group by control
),

-- What the share is of, and the days it covers.
whole as (
    select count(distinct record_id) as of_incidents, min(started_on) as window_from, max(started_on) as window_to from named
)

select
    control, prevented, detected, mitigated, incidents, of_incidents, window_from, window_to, first_on, last_on,
    projects, missing, failed,
    round(prevented / of_incidents, 3) as share_prevented,
    round(analysis.share_low(prevented, of_incidents, z), 3) as share_low,
    round(analysis.share_high(prevented, of_incidents, z), 3) as share_high
from counts, whole, asked
where incidents >= least_incidents
order by prevented desc, incidents desc, control
