-- One row per revision and decision.
{{ section('decisions') }}
