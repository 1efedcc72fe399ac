{# The facets of a fault line, each with its bit: a set of facets is the sum of theirs. What went wrong comes first. #}
{% macro facets() -%}
  {{ return({'root_cause': 1, 'factor': 2, 'trigger': 4, 'artifact': 8, 'service': 16}) }}
{%- endmacro %}

{# Every pair and triple of facets in which something went wrong: an artifact in its service is no finding. #}
{% macro facet_groups() -%}
  {%- set bits = facets().values() | list -%}
  {%- set groups = [] -%}
  {%- for a in bits -%}{%- for b in bits if b > a -%}
    {%- if a < 8 -%}{%- do groups.append(a + b) -%}{%- endif -%}
    {%- for c in bits if c > b and a < 8 -%}{%- do groups.append(a + b + c) -%}{%- endfor -%}
  {%- endfor -%}{%- endfor -%}
  {{ return(groups | sort) }}
{%- endmacro %}
