-- Do certain weeks of the year have more incidents than the rest?
-- One row, over all full weeks but the newest. Two or three years are few: another cause may lie in the same weeks.
with asked as (
    select
        45 as first_iso_week,  -- of the weeks in question, in every year
        52 as last_iso_week,  -- of the same
        26 as newest_weeks_left_out,  -- of the full weeks: a rate that changed lately is no season
        2.6 as z  -- half-width in standard deviations; wide, since these weeks may have been chosen after a look
),

weeks as (
    select
        week_on, sum(incidents) as incidents,
        date_part('week', week_on) between any_value(first_iso_week) and any_value(last_iso_week) as is_season
    from marts.category_weeks, asked
    where is_full
    group by week_on
    qualify row_number() over (order by week_on desc) > any_value(newest_weeks_left_out)
),

counts as (
    select
        min(week_on) as first_on, max(week_on) + 6 as last_on,
        count(*) filter (is_season) as weeks_season,
        coalesce(sum(incidents) filter (is_season), 0)::bigint as incidents_season,
        count(*) filter (not is_season) as weeks_rest,
        coalesce(sum(incidents) filter (not is_season), 0)::bigint as incidents_rest
    from weeks
),

judged as (
    select
        *,
        (incidents_season / nullif(weeks_season, 0)) / nullif(incidents_rest / nullif(weeks_rest, 0), 0) as rate_ratio,
        analysis.ratio_low(incidents_season, weeks_season, incidents_rest, weeks_rest, z) as ratio_low,
        analysis.ratio_high(incidents_season, weeks_season, incidents_rest, weeks_rest, z) as ratio_high
    from counts, asked
)

select
    first_on, last_on, weeks_season, incidents_season, weeks_rest, incidents_rest,
    round(rate_ratio, 2) as rate_ratio, round(ratio_low, 2) as ratio_low, round(ratio_high, 2) as ratio_high,
    case when ratio_low > 1 then 'more' when ratio_high < 1 then 'fewer' else 'cannot tell' end as verdict
from judged
