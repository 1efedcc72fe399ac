-- One row per revision and group affected.
{{ section('scope_affected') }}
