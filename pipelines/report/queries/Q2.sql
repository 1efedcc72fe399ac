-- title: Incidents per week
-- question: How many incidents began in each of the 26 weeks up to the week of the page, and what was routine for each?
select
    weeks.category, weeks.week, strftime(weeks.week_on, '%Y-%m-%d') as week_on, weeks.is_full,
    weeks.incidents, weeks.near_misses,
    judged.routine_low, judged.routine_high, judged.verdict
from marts.category_weeks as weeks
left join analysis.baselines as judged
    on judged.kind = 'category' and judged.series = weeks.category and judged.week = weeks.week and judged.window_weeks = 1
where weeks.week_on between $week_on - 25 * 7 and $week_on
order by weeks.category, weeks.week
