-- One row per record known on T: whom and what it touched, as the ranges that were written.
{{ config(materialized='by_record') }}

with records as ({{ due('records') }}),

affected as (
    select
        record_id,
        sum(case when who = 'users' then "min" end) as users_min,
        -- a bound that one entry lacks is a bound that the whole lacks
        case when bool_and(who <> 'users' or "max" is not null) then sum(case when who = 'users' then "max" end) end as users_max,
        {{ sorted_set('who') }} as affected_groups
    from ({{ due('scope_affected') }}) as written
    group by record_id
),

harms as (
    select record_id, count(*) as n_harms, {{ sorted_set('kind') }} as harm_kinds
    from ({{ due('impact_harms') }}) as written
    group by record_id
)

select
    records.record_id,
    records.scope_summary,
    cast(affected.users_min as bigint) as users_min,
    cast(affected.users_max as bigint) as users_max,
    coalesce(affected.affected_groups, {{ no_names() }}) as affected_groups,
    records.impact_cost_min_cents as cost_min_cents,
    records.impact_cost_max_cents as cost_max_cents,
    records.impact_cost_currency as cost_currency,
    coalesce(harms.n_harms, 0) as n_harms,
    coalesce(harms.harm_kinds, {{ no_names() }}) as harm_kinds,
    records.impact_averted as averted,
    records.impact_objective as objective,
    records.impact_risk_limit as risk_limit,
    records.impact_heuristic as heuristic
from records
left join affected on records.record_id = affected.record_id
left join harms on records.record_id = harms.record_id
