-- How many of the scenarios were rehearsed lately, and did it go as expected?
-- One row per kind and shape of scenario, as of now. The share is of scenarios rehearsed within `most_days`.
with asked as (
    select
        365 as most_days,  -- a rehearsal older than this says little of today's system
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

counts as (
    select
        kind, shape, count(*) as scenarios, count(*) filter (is_rehearsed) as rehearsed,
        count(*) filter (days_since_run <= most_days) as rehearsed_lately,
        count(*) filter (last_result = 'as_expected') as as_expected,
        count(*) filter (last_result = 'not_as_expected') as not_as_expected,
        count(*) filter (last_result = 'inconclusive') as inconclusive,
        quantile_disc(days_since_run, 0.5) as p50_days, max(days_since_run) as longest_days,
        quantile_disc(last_delay_points, 0.5) as p50_delay_points
    from marts.scenarios, asked
    group by all
)

select
    kind, shape, scenarios, rehearsed, rehearsed_lately, as_expected, not_as_expected, inconclusive,
    p50_days, longest_days, p50_delay_points,
    round(rehearsed_lately / scenarios, 3) as share_rehearsed_lately,
    round(analysis.share_low(rehearsed_lately, scenarios, z), 3) as share_low,
    round(analysis.share_high(rehearsed_lately, scenarios, z), 3) as share_high
from counts, asked
order by kind, shape
