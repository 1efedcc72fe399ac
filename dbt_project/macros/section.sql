{# A raw section table in the columns of its contract, which set-up generates from schemas/ (models/staging/_generated.yml).
   Not `*`: raw tables are append-only and keep the column of a field the contract has since dropped. #}
{% macro section(name) -%}
  select
  {%- for column in model.columns %}
    {{ adapter.quote(column) }}{{ ',' if not loop.last }}
  {%- else %}
    *
  {%- endfor %}
  from {{ source('raw', name) }}
{%- endmacro %}
