-- How many incidents will the newest weeks hold once everything is filed, and how often did such ranges hold before?
-- One row per category and full week that can still grow. Eight of ten ranges should hold.
with asked as (
    select
        1.96 as z  -- half-width of the interval of the share in standard deviations; for one row looked at alone
)

select
    nowcasts.category, week, age_days, filed, round(filed_share, 3) as filed_share, of_delays, likely_low, likely_high,
    ranges as ranges_of_that_age, held, round(held / nullif(ranges, 0), 3) as share_held,
    round(analysis.share_low(held, ranges, z), 3) as share_low,
    round(analysis.share_high(held, ranges, z), 3) as share_high, method
from analysis.nowcasts as nowcasts
left join analysis.nowcast_checks on age_weeks = age_days // 7
cross join asked
order by week, nowcasts.category
