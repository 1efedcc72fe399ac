-- How much of the evidence could a stranger run again?
-- One row per kind of evidence and year of the start. Whether a rerun gives the same value is another question.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        1.96 as z  -- half-width of the interval in standard deviations; pieces of one record are alike, so it is rather narrow
),

counts as (
    select
        evidence.kind, date_part('year', timezone('UTC', incidents.started_at)) as year,
        count(distinct record_id) as incidents, count(*) as pieces,
        count(*) filter (evidence.is_rerunnable) as rerunnable,
        count(*) filter (evidence.sha256 is not null or evidence.n_data > 0) as with_digest
    from marts.evidence as evidence
    join marts.incidents as incidents using (record_id)
    cross join asked
    where incidents.is_counted and timezone('UTC', incidents.started_at)::date >= first_day
    group by all
)

select
    kind, year, incidents, pieces, rerunnable, with_digest, round(rerunnable / pieces, 3) as share_rerunnable,
    round(analysis.share_low(rerunnable, pieces, z), 3) as share_low,
    round(analysis.share_high(rerunnable, pieces, z), 3) as share_high
from counts, asked
order by kind, year
