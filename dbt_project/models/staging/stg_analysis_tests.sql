-- One row per revision and test of a hypothesis.
{{ section('analysis_tests') }}
