-- One row per revision and follow-up.
{{ section('follow_ups') }}
