-- How long after an incident begins is its first record written, by project?
-- One row per project, and one without for all together. Incidents without a clock time or a recording are left out.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        8 as unsettled_weeks,  -- before now: of their incidents only those filed quickly are known
        14 as late_after_days  -- a record first written later than this is late
),

incidents as (
    select record_id, project, started_at
    from marts.incidents, asked, raw.as_of as today
    where is_counted and started_at_precision in ('minute', 'second')
        and timezone('UTC', started_at)::date >= first_day
        and started_at < today.as_of - to_days(7 * unsettled_weeks)
),

filed as (
    select revisions.record_id, min(revisions.recorded_at) as first_recorded_at
    from raw.revisions as revisions, raw.as_of as today
    where revisions.recorded_at <= today.as_of
    group by revisions.record_id
),

delays as (
    select project, started_at, date_diff('minute', started_at, first_recorded_at) as minutes
    from incidents
    join filed using (record_id)
),

counts as (
    select
        project, count(*) as incidents,
        min(timezone('UTC', started_at)::date) as first_on, max(timezone('UTC', started_at)::date) as last_on,
        quantile_disc(minutes, 0.5) as p50, quantile_disc(minutes, 0.9) as p90,
        count(*) filter (minutes > 1440 * late_after_days) as late
    from delays, asked
    group by grouping sets ((project), ())
)

select
    project, first_on, last_on, incidents,
    round(p50 / 1440, 2) as p50_days, round(p90 / 1440, 2) as p90_days, late,
    round(late / nullif(incidents, 0), 3) as share_late,
    round(analysis.share_low(late, incidents, 1.96), 3) as share_low,
    round(analysis.share_high(late, incidents, 1.96), 3) as share_high
from counts
order by project nulls first
