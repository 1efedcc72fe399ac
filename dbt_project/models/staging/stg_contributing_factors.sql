-- One row per revision and contributing factor.
{{ section('contributing_factors') }}
