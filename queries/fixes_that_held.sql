-- After which actions did the incidents they were meant to prevent become fewer, and until when can nobody tell?
-- One row per action whose scope (its services, else its record's; the codes of the causes it prevents) had enough incidents.
with asked as (
    select
        5 as least_incidents,  -- in scope, before and after together
        8 as least_weeks,  -- before and after each; with fewer nothing is judged
        13 as trigger_weeks,  -- before the incident that led to the action: with it, they are left out of before
        2.8 as z  -- half-width in standard deviations; wide, since many actions are looked at together
),

today as (select timezone('UTC', as_of)::date as today_on from raw.as_of),

first_day as (select min(week_on) as first_on from marts.category_weeks),

-- The services stand in raw only; where an action names none, its record's are meant.
written as (
    select
        actions.record_id, actions.position, actions.action_id, actions.title, actions.owner_team, actions.is_open,
        actions.implemented_on, actions.prevents, timezone('UTC', incidents.started_at)::date as triggered_on,
        raw_actions.scope_services, list_sort(list(scopes.name) filter (scopes.name is not null)) as record_services
    from marts.actions as actions
    join marts.incidents as incidents using (record_id)
    join raw.actions as raw_actions
        on raw_actions.record_id = actions.record_id and raw_actions.revision_id = incidents.revision_id
        and raw_actions.position = actions.position
    left join marts.scopes as scopes on scopes.record_id = actions.record_id and scopes.kind = 'service'
    where incidents.is_counted and (actions.implemented_on is not null or actions.is_open)
    group by all
),

scoped as (
    select
        written.* exclude (prevents, scope_services, record_services),
        coalesce(scope_services, record_services) as services, list_sort(list(distinct causes.code)) as codes,
        triggered_on - 7 * trigger_weeks as before_to
    from written
    join marts.causes as causes
        on causes.record_id = written.record_id and list_contains(written.prevents, causes.cause_id)
    cross join asked
    where causes.code is not null
    group by all
),

named as (
    select distinct
        record_id, places.name as service, causes.code, timezone('UTC', incidents.started_at)::date as started_on
    from marts.incidents as incidents
    join marts.causes as causes using (record_id)
    join marts.scopes as places using (record_id)
    where incidents.is_counted and causes.kind <> 'trigger' and places.kind = 'service'
),

looked_for as (
    select record_id, position, service, unnest(codes) as code
    from (select record_id, position, codes, unnest(services) as service from scoped)
),

counted as (
    select distinct looked_for.record_id, looked_for.position, named.record_id as incident_id, named.started_on
    from looked_for
    join named using (service, code)
),

compared as (
    select
        scoped.*,
        count(*) filter (started_on < before_to) as before,
        count(*) filter (started_on >= before_to and (implemented_on is null or started_on < implemented_on)) as left_out,
        count(*) filter (started_on >= implemented_on) as after,
        greatest(before_to - first_on, 0) as days_before,
        greatest(today_on - implemented_on, 0) as days_after
    from scoped
    join counted using (record_id, position)
    cross join asked
    cross join today
    cross join first_day
    group by all
),

-- What happened to all other incidents in the same days: a fall that everything shared is no merit of the action.
running as (
    select started_on, sum(count(*)) over (order by started_on) as so_far
    from (select distinct record_id, timezone('UTC', started_at)::date as started_on from marts.incidents where is_counted)
    group by started_on
),

beside as (
    select
        compared.*,
        (((select max(so_far) from running) - till_implemented.so_far - after) / nullif(days_after, 0))
        / nullif((coalesce(till_before.so_far, 0) - before) / nullif(days_before, 0), 0) as others_ratio
    from compared
    asof left join running as till_before on compared.before_to > till_before.started_on
    asof left join running as till_implemented on compared.implemented_on > till_implemented.started_on
),

judged as (
    select
        beside.*, least_weeks,
        analysis.ratio_low(after, days_after, before, days_before, z) as ratio_low,
        analysis.ratio_high(after, days_after, before, days_before, z) as ratio_high,
        least(others_ratio, 1) as low_enough, greatest(others_ratio, 1) as high_enough,
        -- the days after which the upper bound is low enough if no further incident comes; past ten years that is no answer
        greatest(
            ceil(analysis.ratio_high(after, 1, before, days_before, z) / least(others_ratio, 1)), 7 * least_weeks
        ) as days_needed
    from beside
    cross join asked
    where before + case when implemented_on is null then left_out else after end >= least_incidents
)

select
    record_id, action_id, title, owner_team, services, codes, implemented_on,
    before as incidents_before, round(days_before / 7, 1) as weeks_before, left_out as incidents_left_out,
    after as incidents_after, round(days_after / 7, 1) as weeks_after,
    round((after / nullif(days_after, 0)) / nullif(before / nullif(days_before, 0), 0), 2) as rate_ratio,
    round(ratio_low, 2) as ratio_low, round(ratio_high, 2) as ratio_high, round(others_ratio, 2) as others_ratio,
    case
        when implemented_on is null then 'not implemented'
        when least(days_before, days_after) < 7 * least_weeks then 'cannot tell'
        when ratio_high < low_enough then 'reduced'
        when ratio_low > high_enough then 'worse'
        else 'cannot tell'
    end as verdict,
    case
        when verdict = 'cannot tell' and days_before >= 7 * least_weeks and ratio_high is not null and low_enough > 0
            and days_needed < 3650 then implemented_on + days_needed::integer
    end as cannot_tell_until
from judged
order by record_id, position
