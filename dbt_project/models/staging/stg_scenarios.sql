-- One row per revision and scenario to rehearse.
{{ section('scenarios') }}
