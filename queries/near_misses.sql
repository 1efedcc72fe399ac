-- How many near misses are written down beside the incidents, quarter by quarter?
-- One row per quarter (by the Monday of the week). A falling share is as often less writing as less luck needed.
with asked as (
    select
        date '2000-01-01' as first_day,  -- weeks that began earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

counts as (
    select
        date_trunc('quarter', week_on)::date as quarter_on, count(distinct week) filter (is_full) as full_weeks,
        sum(incidents)::bigint as incidents, sum(near_misses)::bigint as near_misses
    from marts.category_weeks, asked
    where week_on >= first_day
    group by all
)

select
    quarter_on, full_weeks, incidents, near_misses,
    round(near_misses / nullif(incidents + near_misses, 0), 3) as share_near_misses,
    round(analysis.share_low(near_misses, incidents + near_misses, z), 3) as share_low,
    round(analysis.share_high(near_misses, incidents + near_misses, z), 3) as share_high
from counts, asked
order by quarter_on
