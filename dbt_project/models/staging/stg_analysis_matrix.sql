-- One row per revision and cell of the matrix of symptoms and hypotheses.
{{ section('analysis_matrix') }}
