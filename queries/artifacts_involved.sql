-- Which data, models and settings are involved in most incidents, as cause and as affected?
-- One row per artifact (name and kind). The share is of incidents that name any cause among their artifacts.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        5 as least_incidents,  -- that name the artifact in any part
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

named as (
    select distinct
        lineage.record_id, lineage.name, lineage.kind, lineage.role, incidents.project,
        timezone('UTC', incidents.started_at)::date as started_on
    from marts.lineage as lineage
    join marts.incidents as incidents using (record_id)
    cross join asked
    where incidents.is_counted and lineage.name is not null
        and timezone('UTC', incidents.started_at)::date >= first_day
),

counts as (
    select
        name, kind, min(started_on) as first_on, max(started_on) as last_on,
        count(distinct record_id) as incidents, count(distinct project) as projects,
        count(distinct record_id) filter (role = 'cause') as as_cause,
        count(distinct record_id) filter (role = 'carrier') as as_carrier,
        count(distinct record_id) filter (role = 'affected') as as_affected,
        (select count(distinct record_id) from named where role = 'cause') as of_incidents
    from named
    group by name, kind
)

select
    name, kind, first_on, last_on, incidents, projects, as_cause, as_carrier, as_affected, of_incidents,
    round(as_cause / nullif(of_incidents, 0), 3) as share_as_cause,
    round(analysis.share_low(as_cause, of_incidents, z), 3) as share_low,
    round(analysis.share_high(as_cause, of_incidents, z), 3) as share_high
from counts, asked
where incidents >= least_incidents
order by as_cause desc, as_affected desc, name, kind
