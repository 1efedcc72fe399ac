-- One row per revision and symptom.
{{ section('analysis_symptoms') }}
