-- One row per record known on T: whom and what it touched, as the ranges that were written.
{{ config(materialized='by_record') }}

with records as ({{ due('records') }}),

harms as (
    select record_id, count(*) as n_harms, {{ sorted_set('kind') }} as harm_kinds
    from ({{ due('impact_harms') }}) as written
    group by record_id
)

select
    records.record_id,
    records.scope_summary,
    records.scope_users_affected_min as users_min,
    records.scope_users_affected_max as users_max,
    records.impact_cost_min_cents as cost_min_cents,
    records.impact_cost_max_cents as cost_max_cents,
    records.impact_cost_currency as cost_currency,
    coalesce(harms.n_harms, 0) as n_harms,
    coalesce(harms.harm_kinds, {{ no_names() }}) as harm_kinds,
    records.impact_objective as objective,
    records.impact_risk_limit as risk_limit,
    records.impact_heuristic as heuristic
from records
left join harms on records.record_id = harms.record_id
