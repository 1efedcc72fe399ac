-- title: Weeks still being filed
-- question: Of which weeks up to the week of the page is so much still to be filed that their count is not final, and what is likely?
select
    nowcasts.category, nowcasts.week, nowcasts.age_days, nowcasts.filed, nowcasts.filed_share,
    nowcasts.likely_low, nowcasts.likely_high, nowcasts.of_delays
from analysis.nowcasts as nowcasts
join marts.category_weeks as weeks on weeks.category = nowcasts.category and weeks.week = nowcasts.week
where weeks.week_on <= $week_on
order by nowcasts.category, nowcasts.week
