-- One row per revision: the fields that occur once in a record and that the marts use.
select
    record_id,
    revision_id,
    title,
    stage,
    record_kind,
    provenance,
    exclude_from_metrics,
    domain,
    project,
    category,
    subcategory,
    severity,
    detection_source,
    url,
    {%- for moment in ['impact_started_at', 'detected_at', 'acknowledged_at', 'mitigated_at', 'resolved_at'] %}
    chronology_{{ moment }},
    chronology_{{ moment }}_precision,
    {%- endfor %}
    {%- for phase in ['detect', 'acknowledge', 'mitigate', 'resolve'] %}
    chronology_stated_time_to_{{ phase }}_minutes,
    chronology_stated_time_to_{{ phase }}_text{{ ',' if not loop.last }}
    {%- endfor %}
from {{ source('raw', 'records') }}
