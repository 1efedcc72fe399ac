{# Whether what was written names a clock time: only then may minutes be computed from it. #}
{% macro has_clock_time(precision) -%}
  coalesce({{ precision }} in ('minute', 'second'), false)
{%- endmacro %}
