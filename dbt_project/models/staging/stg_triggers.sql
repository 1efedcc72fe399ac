-- One row per revision and trigger: what set the incident off, apart from why it could.
{{ section('triggers') }}
