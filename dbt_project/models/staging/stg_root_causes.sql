-- One row per revision and root cause.
{{ section('root_causes') }}
