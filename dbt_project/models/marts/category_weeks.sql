-- One row per category and ISO week (UTC), zeros written out,
-- from the first counted incident or near miss to the week of T.

with records as (select * from {{ ref('int_current_records') }}),

starts as (select * from {{ ref('int_incident_starts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

counted as (
    select
        coalesce(records.category, 'unknown') as category,
        starts.started_week_on as week_on,
        records.is_counted,
        records.is_near_miss,
        as_of.as_of_on
    from records
    inner join starts on records.record_id = starts.record_id
    cross join as_of
    where (records.is_counted or records.is_near_miss) and starts.started_week_on <= as_of.as_of_on
),

weeks as (
    select as_of_on, {{ each_week('first_on', 'last_on') }} as week_on
    from (
        select as_of_on, min(week_on) as first_on, cast(date_trunc('week', as_of_on) as date) as last_on
        from counted
        group by as_of_on
    ) as bounds
),

categories as (select distinct category from counted),

tallies as (
    select
        category, week_on,
        count(*) filter (where is_counted) as incidents,
        count(*) filter (where is_near_miss) as near_misses
    from counted
    group by category, week_on
)

select
    categories.category,
    {{ iso_week('weeks.week_on') }} as week,
    weeks.week_on,
    {{ days_between('weeks.week_on', 'weeks.as_of_on') }} >= 7 as is_full,
    coalesce(tallies.incidents, 0) as incidents,
    coalesce(tallies.near_misses, 0) as near_misses
from categories
cross join weeks
left join tallies on categories.category = tallies.category and weeks.week_on = tallies.week_on
