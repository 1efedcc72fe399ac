-- One row per record and signal that is to warn next time: its detector, its limits, and what it sets off.
{{ config(materialized='by_record') }}

with signals as ({{ due('signals') }}),

scenarios as (
    select record_id, signal, count(*) as n_scenarios
    from ({{ due('scenarios') }}) as written
    group by record_id, signal
)

select
    signals.record_id,
    signals.position,
    signals.id as signal_id,
    signals.state,
    signals.metric,
    signals.detector,
    {%- for name in ['above', 'below', 'k', 'n', 'h', 'weight', 'standard_deviations', 'delta', 'window_points', 'baseline_points'] %}
    signals.parameters_{{ name }},
    {%- endfor %}
    signals.threshold,
    signals.on_trigger,
    signals.false_alarm_budget_per_1000,
    signals.history,
    coalesce(scenarios.n_scenarios, 0) as n_scenarios
from signals
left join scenarios on signals.record_id = scenarios.record_id and signals.id = scenarios.signal
