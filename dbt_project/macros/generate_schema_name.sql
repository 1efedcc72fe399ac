{# Schemas are exactly staging, intermediate and marts; dbt's own macro would make staging_marts of it. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name or target.schema }}
{%- endmacro %}
