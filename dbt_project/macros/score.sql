{# The score of a hypothesis: ln of its prior, and of the evidence a weight in millionths of millionths of ln 3. Nine digits:
   what differs in its last bit only, because ln is no whole number, is a tie. #}
{% macro score(log_prior, weight) -%}
  round({{ log_prior }} + {{ evidence_score(weight) }}, 9)
{%- endmacro %}

{% macro evidence_score(weight) -%}
  (({{ weight }}) / cast(1000000000000 as double) * ln(cast(3 as double)))
{%- endmacro %}
