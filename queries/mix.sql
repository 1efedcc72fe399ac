-- Did the mix of categories and of severities change, in the newest weeks against those before?
-- One row per category and per severity: its share of all counted incidents lately and before.
with asked as (
    select
        13 as recent_weeks,  -- full weeks whose incidents are filed
        52 as weeks_before,  -- full weeks before them
        0.98 as least_filed,  -- share of a week's incidents; newest full weeks of which less is filed yet are left out
        2.8 as z  -- half-width in standard deviations; wide, since a dozen shares are looked at together
),

weeks as (
    select week_on, row_number() over (order by week_on desc) <= recent_weeks as is_recent
    from (select distinct week, week_on from marts.category_weeks where is_full)
    left join (select distinct week, filed_share from analysis.nowcasts) as still_open using (week)
    cross join asked
    where filed_share is null or filed_share >= least_filed
    qualify row_number() over (order by week_on desc) <= recent_weeks + weeks_before
),

bounds as (
    select min(week_on) as before_from, min(week_on) filter (is_recent) as recent_from, max(week_on) + 6 as recent_to
    from weeks
),

parts as (
    select 'category' as kind, coalesce(category, 'unknown') as part, started_week_on from marts.incidents where is_counted
    union all
    select 'severity', coalesce(severity, 'not stated'), started_week_on from marts.incidents where is_counted
),

counts as (
    select
        kind, part, count(*) filter (is_recent) as recent, count(*) filter (not is_recent) as before,
        sum(count(*) filter (is_recent)) over (partition by kind)::bigint as of_recent,
        sum(count(*) filter (not is_recent)) over (partition by kind)::bigint as of_before
    from parts
    join weeks on weeks.week_on = parts.started_week_on
    group by kind, part
),

compared as (
    select
        counts.*, bounds.*, z,
        analysis.share_low(recent, of_recent, z) as recent_low, analysis.share_high(recent, of_recent, z) as recent_high,
        recent / nullif(of_recent, 0) - before / nullif(of_before, 0) as change
    from counts, bounds, asked
),

-- the interval of the difference from those of the two shares: R. G. Newcombe (1998), method 10
spanned as (
    select
        compared.*,
        change - sqrt(
            (recent / of_recent - recent_low) ** 2 + (analysis.share_high(before, of_before, z) - before / of_before) ** 2
        ) as change_low,
        change + sqrt(
            (recent_high - recent / of_recent) ** 2 + (before / of_before - analysis.share_low(before, of_before, z)) ** 2
        ) as change_high
    from compared
    where of_recent > 0 and of_before > 0
)

select
    kind, part, recent_from, recent_to, recent as incidents_recent, of_recent, round(recent / of_recent, 3) as share_recent,
    before_from, before as incidents_before, of_before, round(before / of_before, 3) as share_before,
    round(change, 3) as change, round(change_low, 3) as change_low, round(change_high, 3) as change_high,
    case when change_low > 0 then 'a larger share' when change_high < 0 then 'a smaller share' else 'cannot tell' end as verdict
from spanned
order by kind, part
