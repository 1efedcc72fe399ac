-- How long do actions stay open, and how long is it quiet after them until an incident in their scope comes back?
-- One row per curve (Kaplan–Meier) and number of days: the share by then, with what is still watched; and the median.
with asked as (
    select
        20 as least_watched  -- at the start of a curve
),

curves as (
    select
        curve, max(at_risk) as watched, sum(events)::bigint as events, max(days) as longest_days,
        min(days) filter (survival <= 0.5) as p50_days,
        min(days) filter (survival_low <= 0.5) as p50_low_days, min(days) filter (survival_high <= 0.5) as p50_high_days
    from analysis.survival
    group by curve
),

marks as (select unnest([30, 60, 90, 180, 365, 730]) as days)

select
    curves.curve, marks.days, round(1 - coalesce(steps.survival, 1), 3) as share_by_then,
    round(1 - steps.survival_high, 3) as share_low, round(1 - steps.survival_low, 3) as share_high,
    watched,
    (
        select coalesce(max(later.at_risk), 0) from analysis.survival as later
        where later.curve = curves.curve and later.days > marks.days
    ) as still_watched,
    curves.events, p50_days, p50_low_days, p50_high_days
from curves
cross join marks
cross join asked
asof left join analysis.survival as steps on steps.curve = curves.curve and marks.days >= steps.days
where watched >= least_watched and marks.days <= longest_days
order by curves.curve, marks.days
