-- One row per revision and piece of evidence (parent_position) and file of data it queries.
{{ section('evidence_data') }}
