-- One row per revision and piece of evidence.
{{ section('evidence') }}
