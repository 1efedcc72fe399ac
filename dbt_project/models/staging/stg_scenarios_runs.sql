-- One row per revision and scenario (parent_position) and run of it.
{{ section('scenarios_runs') }}
