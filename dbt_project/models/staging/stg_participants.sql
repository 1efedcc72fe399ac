-- One row per revision and participant; a person is a pseudonym.
{{ section('participants') }}
