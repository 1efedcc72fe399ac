-- In which categories and services did the rate of incidents change in the last half year, against the time before?
-- One row per category and per service with enough incidents. `rate_ratio` is recent incidents a week to those before.
with asked as (
    select
        26 as recent_weeks,  -- full weeks up to the last one, those left out among them
        0.98 as least_filed,  -- share of a week's incidents; newest full weeks of which less is filed yet are left out
        10 as least_incidents,  -- before and recently together
        3.2 as z  -- half-width in standard deviations; wide, since two dozen series are looked at together
),

-- Weeks in which the organisation wrote records at all: before the first counted incident there is nothing to compare.
weeks as (
    select
        week_on, row_number() over (order by week_on desc) > recent_weeks as is_before
    from (select distinct week, week_on from marts.category_weeks where is_full)
    left join (select distinct week, filed_share from analysis.nowcasts) as still_open using (week)
    cross join asked
    qualify filed_share is null or filed_share >= least_filed
),

exposure as (
    select
        count(*) filter (is_before) as weeks_before, count(*) filter (not is_before) as weeks_recent,
        min(week_on) filter (not is_before) as recent_from, max(week_on) + 6 as recent_to
    from weeks
),

series as (
    select 'category' as kind, category as name, record_id, started_week_on
    from marts.incidents
    where is_counted and category is not null
    union all
    select 'service', scopes.name, record_id, started_week_on
    from marts.incidents
    join marts.scopes as scopes using (record_id)
    where is_counted and scopes.kind = 'service'
),

counts as (
    select
        kind, name,
        count(*) filter (not is_before) as recent, count(*) filter (is_before) as before
    from series
    join weeks on weeks.week_on = series.started_week_on
    group by kind, name
),

judged as (
    select
        *,
        (recent / weeks_recent) / (nullif(before, 0) / weeks_before) as rate_ratio,
        analysis.ratio_low(recent, weeks_recent, before, weeks_before, z) as ratio_low,
        analysis.ratio_high(recent, weeks_recent, before, weeks_before, z) as ratio_high
    from counts, exposure, asked
    where recent + before >= least_incidents and weeks_recent > 0 and weeks_before > 0
)

select
    kind, name, recent_from, recent_to, weeks_recent, recent as incidents_recent,
    weeks_before, before as incidents_before,
    round(rate_ratio, 2) as rate_ratio, round(ratio_low, 2) as ratio_low, round(ratio_high, 2) as ratio_high,
    case when ratio_low > 1 then 'rose' when ratio_high < 1 then 'fell' else 'cannot tell' end as verdict
from judged
order by kind, name
