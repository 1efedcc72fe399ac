{# A table whose rows follow from their record alone: of the record's own rows, and of nothing that another record or the day
   decides. The first build makes it whole; later ones take out the rows of raw.due_records and put in what the model says of
   them: its SELECT must give these records' rows and no others, by starting from int_due_records or the `due` macro.
   Not dbt's own `incremental`: its delete+insert leaves the rows of a record that has none any more. #}
{% materialization by_record, adapter='duckdb', supported_languages=['sql'] %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set before = load_cached_relation(this) -%}
  {%- call statement('main') -%}
    {%- if before is none %}
    {{ create_table_as(False, target, compiled_code, 'sql') }};
    {{ comments(target) if config.persist_relation_docs() }}
    {%- else %}
    delete from {{ target }} where record_id in (select record_id from raw.due_records);
    insert into {{ target }} by name {{ compiled_code }}
    {%- endif %}
  {%- endcall -%}
  {%- do adapter.commit() -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# Whether a row is of a record this build makes anew: what a test of such a table has to look at, the rest passed before. #}
{% macro is_due() -%}
  record_id in (select record_id from {{ source('raw', 'due_records') }})
{%- endmacro %}

{% macro is_by_record(name) -%}
  {{ return(execute and graph.nodes['model.faultlines.' ~ name].config.materialized == 'by_record') }}
{%- endmacro %}
