-- One row per revision and known trigger.
{{ section('known_triggers') }}
