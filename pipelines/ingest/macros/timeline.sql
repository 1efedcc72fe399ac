-- Timelines, from table rows or bullets, whichever the section has. It stands on times.sql and sections.sql.

-- A line that begins with a time: the time, and what happened. {when: '16:37 Denver', event: 'Restarted'}
-- Before a dash or colon any word may name the zone; without one only UTC, or the event would lose its first word.
CREATE MACRO time_and_event(text) AS
  list_transform([{
      'text': text,
      'divided': regexp_extract(text,
        '^\s*[\[(~]*\s*((?:\d{4}-\d{2}-\d{2}[T ,]*)?(?:~?\s*\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[aApP]\.?[mM]\.?)?(?:Z|\s?[+]\d{2}:?\d{2})?(?:\s*[-–—]\s*\d{1,2}[:h]\d{2})?)?~?\s*(?:\(?[A-Z][A-Za-z]+(?:/[A-Za-z_]+)?(?:[+-]\d{1,2}(?::\d{2})?)?\)?)?(?:\s*\([A-Z][a-z]+ \d{1,2}\))?)[\])]*\s*(?:[-–—:|]+)\s+(.*)$',
        ['when', 'event'], 's'),
      'plain': regexp_extract(text,
        '^\s*(~?\s*(?:\d{4}-\d{2}-\d{2}[T ,]*)?~?\s*\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[aApP]\.?[mM]\.?)?(?:Z|\s?[+]\d{2}:?\d{2}|\s(?:UTC|GMT))?)[\s,]+([^\s–—:|-].*)$',
        ['when', 'event'], 's'),
      'is_estimate': regexp_matches(text, '^\s*[\[(]*\s*(~|(?i:ca|circa|about|approx|around)\b)')
    }],
    lambda b: CASE
      WHEN regexp_matches(b.divided."when", '\d') THEN {'when': CASE WHEN b.is_estimate THEN '~' ELSE '' END || trim(b.divided."when"), 'event': b.divided.event}
      WHEN b.plain.event <> '' THEN {'when': trim(b.plain."when"), 'event': b.plain.event}
      ELSE {'when': NULL, 'event': b.text}
    END)[1];

-- What a written time says beyond the day and the clock read from it: the end of a range, 14:??, 20202-01-16.
CREATE MACRO _says_more(written) AS
  regexp_matches(
    regexp_replace(regexp_replace(regexp_replace(
      CASE WHEN day_in(written) IS NULL THEN written ELSE regexp_replace(written, '\d{4}-\d{2}-\d{2}', '') END,
      '\d{1,2}(st|nd|rd|th)?\.?\s+(of\s+)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(,?\s+\d{4})?', ''),
      '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}(st|nd|rd|th)?(,?\s+\d{4})?', ''),
      '[0-9]{1,2}[:h][0-5][0-9]((:[0-5][0-9])(\.\d+)?(\s?-\d{2}:?\d{2})?)?(\s?[+]\d{2}:?\d{2})?', ''),
    '[0-9?]');

-- The written time before the event, where it says more than `at` can.
CREATE MACRO _told(written, event) AS CASE WHEN _says_more(written) THEN '[' || trim(written) || '] ' ELSE '' END || event;

CREATE MACRO _is_estimate(written) AS
  CASE WHEN regexp_matches(written, '(?i)~|\bca\b|\bcirca\b|\babout\b|\bapprox|\baround\b|\bmaybe\b') THEN true END;

-- One {at, event, estimated, line} for each row or bullet. The day comes from the row, else from the nearest heading
-- that holds one, else from `day`. A row without a sure day keeps its event and has no `at`. Where the written time
-- says more than `at` can, it stands before the event in brackets; footnotes stand behind it. A row without an event is left out.
CREATE MACRO timeline(document, headings, zone, day) AS (
  SELECT list({
      'at': instant(coalesce(day_in(_when), _heading_day, day), _when, zone),
      'event': _told(_when, _event) || coalesce(' ' || _footnotes, ''),
      'estimated': _is_estimate(_when),
      'line': _line
    } ORDER BY _n)
  FROM (
    SELECT _n, _line, footnotes(document, _own) AS _footnotes,
      list_last(list_filter(list_transform(_trail, lambda h: day_in(h)), lambda d: d IS NOT NULL)) AS _heading_day,
      coalesce(CASE WHEN _kind = 'row' THEN _cells[1] ELSE time_and_event(_text)."when" END, '') AS _when,
      nullif(CASE WHEN _kind = 'row' THEN array_to_string(list_filter(_cells[2:], lambda c: c <> ''), ' | ')
        ELSE time_and_event(_text).event END, '') AS _event
    FROM (SELECT *, _text AS _own FROM _blocks)
    WHERE _path = document AND _heading_fits(_keys, headings)
      AND ((_kind = 'row' AND NOT _is_header) OR (_kind = 'bullet' AND _level = 1)))
  WHERE _event IS NOT NULL);

-- The same from {when, event, line}, in reading order, for times that stand elsewhere: in headings, in prose. A day
-- written once holds for the clocks after it; one without a year is taken near `day`. Before the first day, `day` itself
-- holds. An entry without an event sets the day and is left out.
-- The zone becomes a column first: DuckDB (1.5.6) loses the names of a struct that holds an outer column in an aggregate.
CREATE MACRO dated(entries, zone, day) AS (
  SELECT list({
      'at': instant(_day, _when, _zone),
      'event': _told(_when, _event),
      'estimated': _is_estimate(_when),
      'line': _line
    } ORDER BY _n) FILTER (_event <> '')
  FROM (
    SELECT *, coalesce(last_value(_own_day IGNORE NULLS) OVER (ORDER BY _n ROWS UNBOUNDED PRECEDING), day) AS _day
    FROM (
      SELECT _n, zone AS _zone, _entry."when" AS _when, _entry.event AS _event, _entry.line AS _line, day_near(_entry."when", day) AS _own_day
      FROM (SELECT unnest(entries) AS _entry, generate_subscripts(entries, 1) AS _n))));
