-- One row per revision and event of its timeline.
{{ section('timeline') }}
