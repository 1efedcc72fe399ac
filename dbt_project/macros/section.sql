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

{# The rows of a staged section that belong to what is known on T. #}
{% macro known(name) -%}
  {{ rows_of('int_current_records', name) }}
{%- endmacro %}

{# Those of the records whose rows this build makes anew: what a model that is built by record reads. #}
{% macro due(name) -%}
  {{ rows_of('int_due_records', name) }}
{%- endmacro %}

{% macro rows_of(records, name) -%}
  select written.*
  from {{ ref('stg_' ~ name) }} as written
  inner join {{ ref(records) }} as records
    on written.record_id = records.record_id and written.revision_id = records.revision_id
{%- endmacro %}
