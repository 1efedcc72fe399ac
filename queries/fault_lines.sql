-- Which combinations of root cause, artifact and contributing factor recur across teams more often than chance would have it?
-- One row per combination that passes all four limits, over counted incidents that name all three parts.
with asked as (
    select
        date '2000-01-01' as first_day,  -- incidents that began earlier are left out
        6 as least_incidents,  -- of one combination
        3 as least_teams,  -- that own its root causes
        3.0 as least_ratio,  -- of incidents to those expected
        3.0 as least_score  -- in standard deviations, after Freeman and Tukey; wide, for every combination is looked at
),

incidents as (
    select record_id, project, timezone('UTC', started_at)::date as started_on
    from marts.incidents, asked
    where is_counted and timezone('UTC', started_at)::date >= first_day
),

named as (
    select distinct
        record_id, roots.code, artifacts.name as artifact, factors.code as factor, roots.owner_team, project, started_on
    from incidents
    join marts.causes as roots using (record_id)
    join marts.causes as factors using (record_id)
    join marts.lineage as artifacts using (record_id)
    where roots.kind = 'root_cause' and roots.code is not null
        and factors.kind = 'contributing_factor' and factors.code is not null
        and artifacts.role = 'cause' and artifacts.name is not null
),

counts as (
    select
        code, artifact, factor, count(distinct record_id) as n,
        count(distinct owner_team) as teams, count(distinct project) as projects,
        min(started_on) as first_on, max(started_on) as last_on,
        list_sort(list(distinct record_id)) as record_ids
    from named
    group by cube (code, artifact, factor)
),

-- what chance would give is the most that any of the three ways to split a combination in two lets expect
expected as (
    select
        whole.*, everything.n as of_incidents,
        greatest(ca.n * f.n, cf.n * a.n, af.n * c.n) / everything.n as expected
    from counts as whole
    join counts as ca on ca.code = whole.code and ca.artifact = whole.artifact and ca.factor is null
    join counts as cf on cf.code = whole.code and cf.factor = whole.factor and cf.artifact is null
    join counts as af on af.artifact = whole.artifact and af.factor = whole.factor and af.code is null
    join counts as c on c.code = whole.code and c.artifact is null and c.factor is null
    join counts as a on a.artifact = whole.artifact and a.code is null and a.factor is null
    join counts as f on f.factor = whole.factor and f.code is null and f.artifact is null
    join counts as everything on everything.code is null and everything.artifact is null and everything.factor is null
    where whole.code is not null and whole.artifact is not null and whole.factor is not null
),

scored as (
    select *, n / expected as ratio, sqrt(n) + sqrt(n + 1) - sqrt(4 * expected + 1) as score from expected
)

select
    code, artifact, factor, n as incidents, of_incidents, teams, projects,
    round(expected, 2) as expected, round(ratio, 1) as ratio, round(score, 1) as score,
    first_on, last_on, record_ids
from scored, asked
where n >= least_incidents and teams >= least_teams and ratio >= least_ratio and score >= least_score
order by scored.score desc, code, artifact, factor
