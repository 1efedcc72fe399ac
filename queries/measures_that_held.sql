-- Which sorts of measure held when somebody looked?
-- One row per sort of measure, over actions put into effect. The share is of those that held or did not; others are open.
with asked as (
    select
        date '2000-01-01' as first_day,  -- actions put into effect earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

counts as (
    select
        measure, count(*) as implemented, min(implemented_on) as first_on, max(implemented_on) as last_on,
        count(*) filter (verification = 'held') as held,
        count(*) filter (verification = 'did_not_hold') as did_not_hold,
        count(*) filter (verification = 'inconclusive') as inconclusive,
        count(*) filter (verification in ('unverified', 'not_due')) as not_looked_at
    from marts.actions, asked
    where status = 'done' and (implemented_on is null or implemented_on >= first_day)
    group by measure
)

select
    measure, first_on, last_on, implemented, held, did_not_hold, inconclusive, not_looked_at,
    round(held / nullif(held + did_not_hold, 0), 3) as share_held,
    round(analysis.share_low(held, held + did_not_hold, z), 3) as share_low,
    round(analysis.share_high(held, held + did_not_hold, z), 3) as share_high
from counts, asked
order by measure
