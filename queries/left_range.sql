-- Which series of weekly counts left the range that is routine for them, or come near it?
-- One row per series and window of 1, 4 or 13 weeks up to the last full week; many are looked at, so q decides and not p.
with asked as (
    select
        'all' as kind_asked,  -- one of all, category, subcategory, domain, source, project, team, service, fault_line, near_miss
        0.3 as most_q,  -- over all series and windows of the kind; a signal has at most 0.1
        2 as least_incidents  -- in the window
)

select
    kind, series, week, window_weeks, incidents, routine_low, routine_high, history_incidents, history_weeks,
    round(rate, 3) as rate, round(rate_low, 3) as rate_low, round(rate_high, 3) as rate_high,
    p_upper, q_value, verdict, method
from analysis.baselines, asked
where week = (select max(week) from marts.category_weeks where is_full)
    and kind_asked in ('all', kind) and q_value <= most_q and incidents >= least_incidents
order by q_value, kind, series, window_weeks
