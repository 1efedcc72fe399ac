-- One row per revision and action.
{{ section('actions') }}
