{# The stages in the order in which they ask for more (the order of the word list `stages`; a test compares them). #}
{% macro stage_rank(stage) -%}
  case {{ stage }}
    {%- for word in ['imported', 'draft', 'review', 'published', 'verified'] %} when '{{ word }}' then {{ loop.index }}
    {%- endfor %} end
{%- endmacro %}
