{# All that another engine writes differently (Spark's words are named beside each). No model may use these forms itself. #}

{# Spark: (unix_micros(to) - unix_micros(from)) / 60000000.0 #}
{% macro elapsed_minutes(from_at, to_at) -%}
  ((epoch_us({{ to_at }}) - epoch_us({{ from_at }})) / 60000000.0)
{%- endmacro %}

{# The day of a moment in UTC, whatever the session's zone. Spark: to_date(at) under session.timeZone UTC #}
{% macro utc_day(at) -%}
  cast({{ at }} at time zone 'UTC' as date)
{%- endmacro %}

{# 2024-12-30 is in 2025-W01: the year is the ISO week's, not the calendar's. Spark has no %G: year of the week's Thursday #}
{% macro iso_week(day) -%}
  strftime({{ day }}, '%G-W%V')
{%- endmacro %}

{# Spark: datediff(to, from) #}
{% macro days_between(from_on, to_on) -%}
  date_diff('day', {{ from_on }}, {{ to_on }})
{%- endmacro %}

{# One row per Monday from the first to the last, both included. Spark: explode(sequence(first, last, interval 7 days)) #}
{% macro each_week(first_on, last_on) -%}
  cast(unnest(generate_series({{ first_on }}, {{ last_on }}, interval 7 day)) as date)
{%- endmacro %}

{# One row per item of a list. Spark: explode(list) #}
{% macro each_item(list) -%}
  unnest({{ list }})
{%- endmacro %}

{# 0 for an absent list. Spark: size(coalesce(list, array())) #}
{% macro list_length(list) -%}
  coalesce(len({{ list }}), 0)
{%- endmacro %}
