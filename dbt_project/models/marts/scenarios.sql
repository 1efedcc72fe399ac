-- One row per record and scenario: what is to happen, whether it was ever rehearsed, and how long ago on T.

with scenarios as ({{ known('scenarios') }}),

as_of as (select * from {{ ref('int_as_of') }}),

runs as (
    select
        record_id, parent_position as position, run_at, result, delay_points, fallback_fired,
        row_number() over (
            partition by record_id, parent_position order by run_at desc nulls last, position desc
        ) as place,
        count(*) over (partition by record_id, parent_position) as n_runs
    from ({{ known('scenarios_runs') }}) as written
    cross join as_of
    where run_at is null or {{ utc_day('run_at') }} <= as_of_on
)

select
    scenarios.record_id,
    scenarios.position,
    scenarios.id as scenario_id,
    scenarios.kind,
    scenarios.signal as signal_id,
    scenarios.shape,
    scenarios.magnitude_sd,
    scenarios.perturbation,
    scenarios.data_path,
    scenarios.expected,
    scenarios.fallback,
    scenarios.damage_budget_points,
    coalesce(runs.n_runs, 0) as n_runs,
    runs.n_runs is not null as is_rehearsed,
    runs.run_at as last_run_at,
    runs.result as last_result,
    runs.delay_points as last_delay_points,
    runs.fallback_fired as last_fallback_fired,
    {{ days_between(utc_day('runs.run_at'), 'as_of.as_of_on') }} as days_since_run
from scenarios
cross join as_of
left join runs on scenarios.record_id = runs.record_id and scenarios.position = runs.position and runs.place = 1
