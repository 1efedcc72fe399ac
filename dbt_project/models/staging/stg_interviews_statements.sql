-- One row per revision and interview (parent_position) and statement made in it.
{{ section('interviews_statements') }}
