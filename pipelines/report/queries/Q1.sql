-- title: What changed, per category
-- question: In the last full week up to the week of the page, did a category leave its routine range?
select
    series as category, window_weeks, week, incidents, history_weeks, history_incidents,
    rate, rate_low, rate_high, routine_low, routine_high, p_upper, q_value, verdict
from analysis.baselines
where kind = 'category' and week = (select max(week) from marts.category_weeks where is_full and week_on <= $week_on)
order by category, window_weeks
