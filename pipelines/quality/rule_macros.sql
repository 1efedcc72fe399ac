-- What predicates of schemas/rules.yml may call. Temporary, so that no published file holds them.

-- A date without a clock covers its whole day, month or year. Arithmetic in UTC, whatever the session's zone.
CREATE OR REPLACE TEMP MACRO has_clock(written) AS written IN ('minute', 'second');

CREATE OR REPLACE TEMP MACRO period_end(moment, written) AS timezone('UTC', timezone('UTC', moment) + CASE written
  WHEN 'year' THEN INTERVAL 1 YEAR
  WHEN 'month' THEN INTERVAL 1 MONTH
  WHEN 'day' THEN INTERVAL 1 DAY
  WHEN 'minute' THEN INTERVAL 1 MINUTE
  ELSE INTERVAL 1 SECOND
END);

-- Was `a` certainly over before `b` began? A date beside a clock time may be of a zone up to 14 hours away; two dates,
-- or two clock times, are compared as they are.
CREATE OR REPLACE TEMP MACRO is_before(a, a_written, b, b_written) AS
  period_end(a, a_written)
    + CASE WHEN has_clock(a_written) = has_clock(b_written) THEN INTERVAL 0 HOUR ELSE INTERVAL 14 HOUR END <= b;

-- Nobody wrote it, and no word says why: `unknown`, `not_applicable` and `withheld` are answers.
CREATE OR REPLACE TEMP MACRO is_missing(said, away, field) AS said IS NULL AND NOT coalesce(list_contains(away, field), false);

-- A number as people write it: 41000 and not 41000.0.
CREATE OR REPLACE TEMP MACRO plain(number) AS regexp_replace(number::VARCHAR, '\.0$', '');
