-- One row per revision and hypothesis.
{{ section('analysis_hypotheses') }}
