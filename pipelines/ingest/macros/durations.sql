-- Durations as people write them. Here: text to minutes, or to the word the author chose. A text these do not read
-- with certainty gives NULL: the mapping keeps the text itself beside the number.
-- Here and in the other files an argument never stands inside a lambda: it may be a subquery, and DuckDB (1.5.6) has
-- none of those there. `list_transform([x], lambda v: …)[1]` also works x out once instead of wherever it is named.

-- Five hours as 5 hours: prose spells small numbers out.
CREATE MACRO _numbers_in_digits(text) AS
  list_reduce(
    list_prepend(lower(text), ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']),
    lambda so_far, word, place: regexp_replace(so_far, '\b' || word || '\b', (place - 1)::VARCHAR, 'g'));

-- Without footnote marks, a closing full stop and words that say "about".
CREATE MACRO _duration_plain(text) AS
  trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    _numbers_in_digits(text),
    '\[\^[^\]]*\]', '', 'g'),
    '^\s*(~|≈|about|approximately|approx\.?|around|circa|ca\.?|roughly)\s*', ''),
    '[\s.]+$', ''),
    '(\d),(\d{3})([^\d]|$)', '\1\2\3', 'g'),
    '(\d),(\d)', '\1.\2', 'g'));

-- A month has no fixed length, so it has none here.
CREATE MACRO _duration_unit_minutes(unit) AS
  CASE
    WHEN unit IN ('s', 'sec', 'secs', 'second', 'seconds') THEN 1 / 60
    WHEN unit IN ('m', 'min', 'mins', 'mn', 'minute', 'minutes') THEN 1
    WHEN unit IN ('h', 'hr', 'hrs', 'hour', 'hours') THEN 60
    WHEN unit IN ('d', 'day', 'days') THEN 1440
    WHEN unit IN ('w', 'wk', 'wks', 'week', 'weeks') THEN 10080
  END;

-- From 54 hours 10 minutes: [3240, 10].
CREATE MACRO _duration_parts(plain) AS
  list_transform(regexp_extract_all(plain, '\d+(?:\.\d+)?\s*[a-z]+'), lambda p:
    {amount: regexp_extract(p, '^[\d.]+')::DOUBLE, unit: _duration_unit_minutes(regexp_extract(p, '[a-z]+$'))});

-- h:mm:ss is sure, h:mm is as well minutes and seconds, so only a word after it settles it.
CREATE MACRO _duration_clock(plain) AS
  CASE
    WHEN regexp_full_match(plain, '\d+:[0-5]\d:[0-5]\d')
      THEN split_part(plain, ':', 1)::INTEGER * 60 + split_part(plain, ':', 2)::INTEGER + split_part(plain, ':', 3)::INTEGER / 60
    WHEN regexp_full_match(plain, '\d+:[0-5]\d\s*(h|hr|hrs|hour|hours)')
      THEN split_part(plain, ':', 1)::INTEGER * 60 + regexp_extract(plain, ':(\d\d)', 1)::INTEGER
  END;

-- Minutes, or NULL. Units must fall (days, hours, minutes): "5 minutes, 10 minutes" is two durations, not a sum.
CREATE MACRO duration_minutes(text) AS
  list_transform([_duration_plain(text)], lambda plain:
    CASE
      WHEN regexp_full_match(plain, '\d+(\.\d+)?\s*[a-z]+((\s*(,|and|&)?\s*)\d+(\.\d+)?\s*[a-z]+)*')
        THEN list_transform([_duration_parts(plain)], lambda parts:
          CASE WHEN list_reverse_sort(list_distinct(list_transform(parts, lambda p: p.unit))) = list_transform(parts, lambda p: p.unit)
              AND NOT list_contains(list_transform(parts, lambda p: p.unit IS NULL), true)
            THEN round(list_sum(list_transform(parts, lambda p: p.amount * p.unit)), 4) END)[1]
      ELSE _duration_clock(plain)
    END)[1];

-- The author's own word for why there is no number. A blank or a template's XXX says nothing, and gives NULL.
CREATE MACRO duration_state(text) AS
  CASE
    WHEN _duration_plain(text) IN ('?', '??', '???', 'unknown', 'not known') THEN 'unknown'
    WHEN _duration_plain(text) IN ('n/a', 'na', 'n.a', 'not applicable', 'not_applicable') THEN 'not_applicable'
    WHEN _duration_plain(text) IN ('withheld', 'redacted') THEN 'withheld'
  END;

-- The number or the word, as JSON: what a field of the contract takes that allows both.
CREATE MACRO duration(text) AS
  list_transform([{minutes: duration_minutes(text), state: duration_state(text)}], lambda d:
    CASE
      WHEN d.minutes = floor(d.minutes) THEN to_json(d.minutes::BIGINT)
      WHEN d.minutes IS NOT NULL THEN to_json(d.minutes)
      ELSE to_json(d.state)
    END)[1];

-- The duration that follows these words in running text, at once or after "about": `lasted` finds that of "lasted about
-- 1h50m, and was noticed after 5 minutes". Of a range, of "over 2 hours" and of "nearly an hour" it is NULL.
CREATE MACRO duration_after(text, words) AS
  duration_minutes(nullif(regexp_extract(_numbers_in_digits(text),
    regexp_escape(_numbers_in_digits(words)) || '[\s:=]*((?:(?:~|about|approximately|around|roughly)\s*)?'
      || '\d+(?:\.\d+)?\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[smhdw])'
      || '(?:\s*(?:,|and|&)?\s*\d+(?:\.\d+)?\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[smhdw]))*)(?:[^a-z]|$)', 1), ''));
