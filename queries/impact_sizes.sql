-- How large are the incidents of each category: minutes until mitigated, users and cost, at the median and the 90th percentile?
-- One row per category and measure, of incidents that state it; bounds are values that were seen, never means.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        5 as least_incidents,  -- that state the measure
        1.96 as z  -- half-width in standard deviations of the rank; for one row looked at alone
),

incidents as (
    select record_id, coalesce(category, 'unknown') as category
    from marts.incidents, asked
    where is_counted and (started_at is null or timezone('UTC', started_at)::date >= first_day)
),

stated as (
    select category, 'minutes' as measure, round(minutes)::bigint as amount
    from incidents join marts.incident_phases using (record_id)
    where phase = 'mitigate' and basis = 'computed' and minutes is not null
    union all
    select category, 'users at least', users_min
    from incidents join marts.impact using (record_id)
    where users_min is not null
    union all
    select category, 'cost at least, ' || cost_currency, cost_min_cents // 100
    from incidents join marts.impact using (record_id)
    where cost_min_cents is not null and cost_currency is not null
),

ranked as (
    select
        category, measure, count(*) as incidents, list_sort(list(amount)) as amounts
    from stated
    group by category, measure
),

-- ranks of the values between which a quantile lies: the binomial's normal approximation, a rank wider on each side
-- of the middle (W. J. Conover, Practical Nonparametric Statistics); a rank that is not there leaves its bound open
spanned as (
    select
        ranked.*, of_category.n as of_incidents,
        amounts[ceil(incidents * 0.5)::bigint] as p50, amounts[ceil(incidents * 0.9)::bigint] as p90,
        floor(incidents * 0.5 - z * sqrt(incidents * 0.25))::bigint as p50_first,
        ceil(incidents * 0.5 + z * sqrt(incidents * 0.25))::bigint + 1 as p50_last,
        floor(incidents * 0.9 - z * sqrt(incidents * 0.09))::bigint as p90_first,
        ceil(incidents * 0.9 + z * sqrt(incidents * 0.09))::bigint + 1 as p90_last
    from ranked
    join (select category, count(*) as n from incidents group by category) as of_category using (category)
    cross join asked
    where incidents >= least_incidents
)

select
    category, measure, incidents, of_incidents,
    p50, case when p50_first >= 1 then amounts[p50_first] end as p50_low,
    case when p50_last <= incidents then amounts[p50_last] end as p50_high,
    p90, case when p90_first >= 1 then amounts[p90_first] end as p90_low,
    case when p90_last <= incidents then amounts[p90_last] end as p90_high
from spanned
order by measure, category
