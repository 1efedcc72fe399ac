-- One row per revision and decision (parent_position) and risk it accepts.
{{ section('decisions_risks_accepted') }}
