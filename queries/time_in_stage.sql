-- How long do records stay in each stage before they go on?
-- One row per stage. Of all that entered half stayed at most p50, nine in ten p90; NULL where fewer than that have left so far.
with asked as (
    select
        date '2000-01-01' as first_day,  -- stays that began earlier are left out
        90 as settled_days  -- a stay that began less long ago is left out: of the newest only the short ones have ended
),

stays as (
    select spans.stage, timezone('UTC', spans.entered_at)::date as entered_on, spans.days, spans.left_at
    from marts.stage_spans as spans, asked, raw.as_of as today
    where spans.is_entry_known
        and timezone('UTC', spans.entered_at)::date >= asked.first_day
        and spans.entered_at < today.as_of - to_days(asked.settled_days)
)

-- A stay that has not ended counts as longer than every one that has: left out, it would make a slow stage look quick.
-- `left_p50_days` and `left_p90_days` leave it out, and speak only of those that went on.
select
    stays.stage, min(stays.entered_on) as first_on, max(stays.entered_on) as last_on,
    count(*) as n_stays, count(stays.left_at) as n_left, count(*) - count(stays.left_at) as n_still_there,
    round(nullif(quantile_disc(coalesce(stays.days, 'inf'), 0.5), 'inf'), 2) as p50_days,
    round(nullif(quantile_disc(coalesce(stays.days, 'inf'), 0.9), 'inf'), 2) as p90_days,
    round(quantile_disc(stays.days, 0.5), 2) as left_p50_days, round(quantile_disc(stays.days, 0.9), 2) as left_p90_days
from stays
inner join raw.words as words on words.vocabulary = 'stages' and words.word = stays.stage
group by stays.stage, words.rank
order by words.rank
