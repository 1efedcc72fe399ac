-- Who notices incidents, monitoring or people, by category and quarter?
-- One row per category and quarter in which incidents began. The share is of monitors among those that say who noticed.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

counts as (
    select
        category, date_trunc('quarter', timezone('UTC', started_at))::date as quarter_on, count(*) as incidents,
        count(*) filter (detection_source = 'monitor') as monitor,
        count(*) filter (detection_source = 'internal_human') as internal_human,
        count(*) filter (detection_source = 'customer') as customer,
        count(*) filter (detection_source = 'third_party') as third_party,
        count(*) filter (detection_source = 'audit') as audit,
        count(detection_source) as stated
    from marts.incidents, asked
    where is_counted and started_at_precision <> 'year' and timezone('UTC', started_at)::date >= first_day
    group by all
)

select
    category, quarter_on, incidents, monitor, internal_human, customer, third_party, audit, incidents - stated as not_stated,
    round(monitor / nullif(stated, 0), 3) as share_monitor,
    round(analysis.share_low(monitor, stated, z), 3) as share_low,
    round(analysis.share_high(monitor, stated, z), 3) as share_high
from counts, asked
order by category, quarter_on
