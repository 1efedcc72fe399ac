{# Whether a written leaf (`scope.services[]`) is the named field (`scope.services`) or part of it. #}
{% macro is_under(leaf, name) -%}
  ({{ leaf }} = {{ name }} or left({{ leaf }}, length({{ name }}) + 1) in ({{ name }} || '.', {{ name }} || '['))
{%- endmacro %}
