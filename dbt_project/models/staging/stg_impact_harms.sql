-- One row per revision and harm done.
{{ section('impact_harms') }}
