-- One row per revision and artifact: dataset, model, pipeline, service, feature view or configuration.
{{ section('context_artifacts') }}
