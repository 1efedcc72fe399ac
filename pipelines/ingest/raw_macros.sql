-- How a written value becomes a typed one. Here: what every section table's SELECT calls. Not here: mapping macros.

-- A word that says why there is no value is not a value: raw.field_states keeps it.
CREATE OR REPLACE MACRO stated(t) AS
  CASE WHEN t IN ('unknown', 'not_applicable', 'withheld') THEN NULL ELSE t END;

-- DuckDB wants seconds before an offset: 2026-05-04T06:00Z reads as NULL without them (1.5.6).
CREATE OR REPLACE MACRO with_seconds(t) AS
  regexp_replace(t, '^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)($|Z|[+-])', '\1:00\2');

CREATE OR REPLACE MACRO instant_precision(t) AS
  CASE
    WHEN regexp_full_match(t, '\d{4}') THEN 'year'
    WHEN regexp_full_match(t, '\d{4}-\d\d') THEN 'month'
    WHEN regexp_full_match(t, '\d{4}-\d\d-\d\d') THEN 'day'
    WHEN regexp_matches(t, '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d($|Z|[+-])') THEN 'minute'
    WHEN regexp_matches(t, '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d') THEN 'second'
  END;

-- The UTC moment at which the written period starts. A clock time without an offset is read in the source's zone;
-- ingestion has refused it where the source declares none or the zone's clocks skip or repeat it.
CREATE OR REPLACE MACRO instant_utc(t, zone) AS
  CASE instant_precision(t)
    WHEN 'year' THEN TRY_CAST(t || '-01-01 00:00:00+00' AS TIMESTAMPTZ)
    WHEN 'month' THEN TRY_CAST(t || '-01 00:00:00+00' AS TIMESTAMPTZ)
    WHEN 'day' THEN TRY_CAST(t || ' 00:00:00+00' AS TIMESTAMPTZ)
    WHEN 'minute' THEN instant_clock(with_seconds(t), zone)
    WHEN 'second' THEN instant_clock(t, zone)
  END;

CREATE OR REPLACE MACRO instant_clock(t, zone) AS
  CASE
    WHEN regexp_matches(t, '(Z|[+-]\d\d:?\d\d)$') THEN TRY_CAST(t AS TIMESTAMPTZ)
    ELSE timezone(coalesce(zone, 'UTC'), TRY_CAST(t AS TIMESTAMP))
  END;
