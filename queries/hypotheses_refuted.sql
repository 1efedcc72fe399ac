-- How often do records refute a hypothesis, or do they only confirm the first idea?
-- One row per category and year of the start. The share is of refuted ones among those decided.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

rounds as (
    select record_id, hypothesis_id, count(*) as tests, max(round) as rounds
    from marts.hypothesis_tests
    group by record_id, hypothesis_id
),

counts as (
    select
        incidents.category, date_part('year', timezone('UTC', incidents.started_at)) as year,
        count(distinct record_id) as incidents, count(*) as hypotheses,
        count(*) filter (hypotheses.state = 'open') as still_open,
        count(*) filter (hypotheses.state = 'supported') as supported,
        count(*) filter (hypotheses.state = 'refuted') as refuted,
        count(distinct record_id) filter (hypotheses.state = 'refuted') as incidents_with_refuted,
        coalesce(sum(rounds.tests), 0)::bigint as tests, max(rounds.rounds) as most_rounds
    from marts.hypotheses as hypotheses
    join marts.incidents as incidents using (record_id)
    left join rounds using (record_id, hypothesis_id)
    cross join asked
    where incidents.is_counted and timezone('UTC', incidents.started_at)::date >= first_day
    group by all
)

select
    category, year, incidents, hypotheses, still_open, supported, refuted, incidents_with_refuted, tests, most_rounds,
    round(refuted / nullif(supported + refuted, 0), 3) as share_refuted,
    round(analysis.share_low(refuted, supported + refuted, z), 3) as share_low,
    round(analysis.share_high(refuted, supported + refuted, z), 3) as share_high
from counts, asked
order by category, year
