-- One row per series and ISO week (UTC), zeros written out, of the 65 full weeks up to T and the week of T,
-- by which baselines are judged (they read the weeks that have any). A view: thirty thousand series would be two million rows, most of them noughts.
{{ config(materialized='view') }}

with counts as (select * from {{ ref('int_series_weeks') }}),

series as (select distinct kind, series from counts),

weeks as (
    select as_of_on, {{ each_week("cast(date_trunc('week', as_of_on) - interval 455 day as date)", "as_of_on") }} as week_on
    from {{ ref('int_as_of') }} as as_of
)

select
    series.kind,
    series.series,
    {{ iso_week('weeks.week_on') }} as week,
    weeks.week_on,
    {{ days_between('weeks.week_on', 'weeks.as_of_on') }} >= 7 as is_full,
    coalesce(counts.incidents, 0) as incidents
from series
cross join weeks
left join counts on series.kind = counts.kind and series.series = counts.series and weeks.week_on = counts.week_on
