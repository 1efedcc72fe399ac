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

{# Spark: array_contains(list, item) #}
{% macro holds(list, item) -%}
  coalesce(list_contains({{ list }}, {{ item }}), false)
{%- endmacro %}

{# Spark: array_join(list, '; ') #}
{% macro joined(list) -%}
  array_to_string({{ list }}, '; ')
{%- endmacro %}

{# Every value there is, once, sorted, so that the order of rows never shows. Spark: sort_array(collect_set(value)) #}
{% macro sorted_set(value) -%}
  coalesce(list_sort(list(distinct {{ value }}) filter (where {{ value }} is not null)), [])
{%- endmacro %}

{# One row per pair of texts, as columns field and value. Spark: stack(n, field, value, ...) as (field, value) #}
{% macro each_pair(pairs) -%}
  unnest([
    {%- for field, value in pairs %}{'field': '{{ field }}', 'value': {{ value }}}{{ ', ' if not loop.last }}{% endfor -%}
  ], recursive := true)
{%- endmacro %}

{# One row per row and column but the kept ones that is not NULL. Spark: unpivot, with the columns named #}
{% macro unpivoted(relation, kept, name, value) -%}
  (unpivot {{ relation }} on columns(* exclude ({{ kept | join(', ') }})) into name {{ name }} value {{ value }})
{%- endmacro %}

{# For every column but the kept ones, under its name, in how many rows it holds anything (but one value). Spark: a count each #}
{% macro counts_of_others(kept, but=none) -%}
  count({{ 'nullif(' if but is not none }}columns(* exclude ({{ kept | join(', ') }})){{ ', ' ~ but ~ ')' if but is not none }})
{%- endmacro %}

{# One row per part of a JSON object, as a struct of key and value. Spark: explode(map_entries(from_json(object, 'map<string,string>'))) #}
{% macro each_part(object) -%}
  unnest(map_entries(cast({{ object }} as map(varchar, json))))
{%- endmacro %}

{# What is left of a name when case, blanks of any kind, what nobody sees and the way its letters are encoded are not looked
   at. Spark: lower(trim(regexp_replace(regexp_replace(name, '\\p{Cf}', ''), '[\\s\\p{Z}]+', ' '))), which leaves the encoding #}
{% macro alike(name) -%}
  lower(trim(regexp_replace(regexp_replace(nfc_normalize({{ name }}), '\p{Cf}', '', 'g'), '[\s\p{Z}]+', ' ', 'g')))
{%- endmacro %}

{# The names in a list, without the words an author writes in place of one. Spark: filter(list, name -> name not in (...)) #}
{% macro names(list) -%}
  list_filter({{ list }}, lambda name: name not in ('unknown', 'not_applicable', 'withheld'))
{%- endmacro %}

{# The sum of the different bits in a group. Spark: bit_or(bit), too #}
{% macro any_bit(bit) -%}
  bit_or({{ bit }})
{%- endmacro %}

{# Whether a sum of bits holds all of another. Spark: the same #}
{% macro holds_bits(bits, others) -%}
  ({{ bits }} & {{ others }}) = {{ others }}
{%- endmacro %}

{# An empty list of texts. Spark: cast(array() as array<string>) #}
{% macro no_names() -%}
  cast([] as varchar[])
{%- endmacro %}

{# The last CTE of a `with recursive`: the fewest steps from starts(record_id, position) along edges(record_id, from_position,
   position). One row per place ever reached, so that a circle ends and a record in which everything is made from everything
   costs what it has edges: 600 artifacts 0.05 s, 27 s where each number of steps is a row of its own (2026-11-25).
   Spark has no `using key`: union all while steps < the number of places, then min(steps). #}
{% macro reached(starts, edges) -%}
reached (record_id, position, steps) using key (record_id, position) as (
    select record_id, position, 0 from {{ starts }}
    union
    select edges.record_id, edges.position, min(reached.steps) + 1
    from reached
    inner join {{ edges }} as edges on reached.record_id = edges.record_id and reached.position = edges.from_position
    left join recurring.reached as before on edges.record_id = before.record_id and edges.position = before.position
    where before.position is null
    group by edges.record_id, edges.position
)
{%- endmacro %}
