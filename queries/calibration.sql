-- How often was the hypothesis with the first score the one that a verified outcome bears out?
-- One row per step of ln 3 by which the first score leads, once enough records are verified; until then one that says so.
with asked as (
    select
        30 as least_records,  -- with a verified outcome; with fewer no share is given
        1.96 as z  -- half-width of the interval in standard deviations; for one row looked at alone
),

-- Verified outcome: the record is verified, and a root cause of it rests on one of its hypotheses.
verified as (
    select record_id, timezone('UTC', started_at)::date as started_on
    from marts.incidents
    where stage = 'verified' and record_id in (select record_id from marts.hypotheses where is_root_cause)
),

placed as (
    select
        verified.record_id, verified.started_on, scores.score, scores.method,
        coalesce(hypotheses.is_root_cause, false) as is_right,
        row_number() over (partition by verified.record_id order by scores.score desc, scores.position) as nth
    from verified
    join marts.hypothesis_scores as scores using (record_id)
    left join marts.hypotheses as hypotheses using (record_id, position)
    where scores.place is not null
),

margins as (
    select
        record_id, started_on, method, bool_or(is_right) filter (nth = 1) as is_right,
        max(score) filter (nth = 1) - max(score) filter (nth = 2) as margin
    from placed
    group by record_id, started_on, method
),

-- One word of the matrix is a step. A shared first place tells nobody which one it is, so it is not right.
counts as (
    select
        method, least(floor(round(margin / ln(3), 6)), 4)::integer as step,
        min(started_on) as first_on, max(started_on) as last_on,
        count(*) as records, count(*) filter (is_right and margin > 0) as first_was_right
    from margins
    group by all
),

total as (select count(*) as verified from margins)

select
    verified || ' records with a verified outcome' as verdict,
    method, round(step * ln(3), 2) as margin_from, round(case when step < 4 then (step + 1) * ln(3) end, 2) as margin_to,
    first_on, last_on, records, first_was_right,
    round(first_was_right / records, 3) as share_right,
    round(analysis.share_low(first_was_right, records, z), 3) as share_low,
    round(analysis.share_high(first_was_right, records, z), 3) as share_high
from counts, total, asked
where verified >= least_records
union all
select
    'cannot tell: ' || verified || ' of ' || least_records || ' records with a verified outcome',
    null, null, null, null, null, null, null, null, null, null
from total, asked
where verified < least_records
order by margin_from
