-- One row per revision and link to another record.
{{ section('related') }}
