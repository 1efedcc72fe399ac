-- One row per revision and counterfactual: a control, and what it would have done.
{{ section('analysis_counterfactuals') }}
