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

{# Every category an incident can have, the unknown one among them. #}
{% macro incident_categories() -%}{{ return(categories() + ['unknown']) }}{%- endmacro %}

{# A column for each category. As rows they would be four times as many to join. #}
{% macro by_category(count) -%}
  {%- for category in incident_categories() %}
  cast({{ count }} filter (where category = '{{ category }}') as bigint) as {{ category }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{# A group of facets and one or two values of it in one number: as five columns they are grouped and joined three times as
   slowly (900,000 incidents, 2026-11-25). Holds 500 million values. #}
{% macro cell(facets, item_1, item_2) -%}
  ((cast({{ item_1 }} as bigint) * 536870912 + {{ item_2 }}) * 32 + {{ facets }})
{%- endmacro %}
