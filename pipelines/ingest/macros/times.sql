-- Days, clocks and zones as people write them, put together to what the contract's instants accept.
-- Nothing is filled in: no sure day gives NULL, no sure clock gives a day, no zone gives a time without an offset,
-- which ingestion then places by the source's `time_zone`.

CREATE MACRO _month_number(name) AS
  list_position(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], lower(name[1:3]));

CREATE MACRO _valid_day(year, month, day) AS
  CASE WHEN TRY_CAST(year || '-' || month || '-' || day AS DATE) IS NOT NULL
    THEN strftime(TRY_CAST(year || '-' || month || '-' || day AS DATE), '%Y-%m-%d') END;

-- The first day written in a text. 01/02/2018 is not read: nobody knows which of the two is the month.
CREATE MACRO day_in(text) AS
  list_transform([{
      iso: regexp_extract(text, '(?:^|\D)(\d{4})-(\d{2})-(\d{2})(?:\D|$)', ['y', 'm', 'd']),
      day_first: regexp_extract(text, '(?i)(?:^|\D)(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(\d{4})(?:\D|$)', ['d', 'm', 'y']),
      month_first: regexp_extract(text, '(?i)(?:^|[^a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:\D|$)', ['m', 'd', 'y'])
    }], lambda found: coalesce(
      _valid_day(found.iso.y, found.iso.m, found.iso.d),
      _valid_day(found.day_first.y, _month_number(found.day_first.m), found.day_first.d),
      _valid_day(found.month_first.y, _month_number(found.month_first.m), found.month_first.d)))[1];

-- A day in figures, of a source that is known to write the day first: 17.04.2026, 17/4/2026 14:05, 17-04-2026. Years have
-- four figures; 30.02.2026 is no day. instant(day_first(t), t, zone) puts the clock beside it.
CREATE MACRO day_first(text) AS
  list_transform([regexp_extract(text, '(?:^|\D)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})(?:\D|$)', ['d', 'm', 'y'])],
    lambda found: _valid_day(found.y, found.m, found.d))[1];

-- The same where the month comes first: 4/17/2026.
CREATE MACRO month_first(text) AS
  list_transform([regexp_extract(text, '(?:^|\D)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})(?:\D|$)', ['m', 'd', 'y'])],
    lambda found: _valid_day(found.y, found.m, found.d))[1];

-- A day whose year is left out (Oct 29, 19. April, November 14th), in the year that brings it nearest to `day`; one with
-- its year stays as written. Farther off than 120 days (2026-11-25: towards half a year two years are as likely) it is
-- NULL. Months want their capital here: "may" is a verb as well.
CREATE MACRO day_near(text, day) AS
  coalesce(day_in(text), list_transform([{
      'day': TRY_CAST(day AS DATE),
      month_first: regexp_extract(text, '(?:^|[^A-Za-z])(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:[^\d:]|$)', ['m', 'd']),
      day_first: regexp_extract(text, '(?:^|[^\d:.])(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?:[^A-Za-z]|$)', ['d', 'm'])
    }], lambda found:
      list_sort(list_filter(list_transform([-1, 0, 1], lambda shift:
        list_transform([coalesce(
            _valid_day(year(found."day") + shift, _month_number(found.month_first.m), found.month_first.d),
            _valid_day(year(found."day") + shift, _month_number(found.day_first.m), found.day_first.d))],
          lambda near: {far: abs(date_diff('day', near::DATE, found."day")), near: near})[1]),
        lambda candidate: candidate.far <= 120))[1].near)[1]);

-- The first clock time in a text, as HH:MM or HH:MM:SS. Of a range it is the start; HH:mm, --:-- and 14:?? are none.
CREATE MACRO clock_in(text) AS
  list_transform([regexp_extract(text, '(?i)(?:^|[^0-9:.h])([0-9]{1,2})[:h]([0-5][0-9])(?::([0-5][0-9])(?:\.\d+)?)?\s*(am|pm|a\.m|p\.m)?(?:[^0-9a-z:]|z|UTC|GMT|$)', ['h', 'm', 's', 'half'])],
    lambda c: list_transform([
      CASE
        WHEN c.h = '' THEN NULL
        WHEN c.half = '' THEN c.h::INTEGER
        -- 17:14 pm says the half twice; 17:14 am contradicts itself.
        WHEN c.h::INTEGER BETWEEN 13 AND 23 AND lower(c.half[1]) = 'p' THEN c.h::INTEGER
        WHEN c.h::INTEGER NOT BETWEEN 1 AND 12 THEN NULL
        ELSE c.h::INTEGER % 12 + CASE WHEN lower(c.half[1]) = 'p' THEN 12 ELSE 0 END
      END], lambda hour:
      CASE WHEN hour BETWEEN 0 AND 23
        THEN printf('%02d:%s', hour, c.m) || CASE WHEN c.s <> '' THEN ':' || c.s ELSE '' END END)[1])[1];

-- The zone a text names: an offset, or an abbreviation of which there is only one in use. Named clocks are fixed
-- offsets, as written: CET is +01:00 in July too, because who writes CET and means summer time is not ours to guess.
CREATE MACRO zone_in(text) AS
  list_transform([{
      shift: regexp_extract(text, '(?:UTC|GMT)\s?([+-])(\d{1,2})(?::?(\d{2}))?(?:\D|$)', ['sign', 'h', 'm']),
      joined: regexp_extract(text, '(?:T\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|:\d{2}:\d{2}(?:\.\d+)?)\s?([+-])(\d{2}):?(\d{2})(?:[^\d:]|$)', ['sign', 'h', 'm']),
      short: regexp_extract(text, ':\d{2}:\d{2}(?:\.\d+)?([+-])(\d{2})(?:[^\d:]|$)', ['sign', 'h']),
      plus: regexp_extract(text, ':\d{2}\s?(\+)(\d{2}):?(\d{2})(?:\D|$)', ['sign', 'h', 'm']),
      zulu: regexp_matches(text, '\d:\d{2}(:\d{2}(\.\d+)?)?Z([^A-Za-z]|$)'),
      name: regexp_extract(text, '(?:^|[^A-Za-z])(UTC|GMT|WET|WEST|BST|CET|CEST|EET|EEST|EST|EDT|CDT|MST|MDT|PST|PDT|JST|AEST|AEDT|NZST|NZDT)(?:[^A-Za-z]|$)', 1)
    }], lambda found:
      CASE
        WHEN found.shift.h <> '' THEN found.shift.sign || lpad(found.shift.h, 2, '0') || ':' || coalesce(nullif(found.shift.m, ''), '00')
        WHEN found.joined.h <> '' THEN found.joined.sign || found.joined.h || ':' || found.joined.m
        WHEN found.short.h <> '' THEN found.short.sign || found.short.h || ':00'
        WHEN found.plus.h <> '' THEN '+' || found.plus.h || ':' || found.plus.m
        WHEN found.zulu THEN '+00:00'
        ELSE CASE found.name
          WHEN 'UTC' THEN '+00:00' WHEN 'GMT' THEN '+00:00' WHEN 'WET' THEN '+00:00'
          WHEN 'WEST' THEN '+01:00' WHEN 'BST' THEN '+01:00' WHEN 'CET' THEN '+01:00'
          WHEN 'CEST' THEN '+02:00' WHEN 'EET' THEN '+02:00' WHEN 'EEST' THEN '+03:00'
          WHEN 'EST' THEN '-05:00' WHEN 'EDT' THEN '-04:00' WHEN 'CDT' THEN '-05:00'
          WHEN 'MST' THEN '-07:00' WHEN 'MDT' THEN '-06:00' WHEN 'PST' THEN '-08:00' WHEN 'PDT' THEN '-07:00'
          WHEN 'JST' THEN '+09:00' WHEN 'AEST' THEN '+10:00' WHEN 'AEDT' THEN '+11:00'
          WHEN 'NZST' THEN '+12:00' WHEN 'NZDT' THEN '+13:00'
        END
      END)[1];

-- Abbreviations two parts of the world use for different clocks: beside one of them a clock time is not sure.
CREATE MACRO _has_doubtful_zone(text) AS regexp_matches(text, '(^|[^A-Za-z])(IST|CST|AST|ECT|AMT)([^A-Za-z]|$)');

-- The zone a section states for its times: "All times in CET.", a header cell "Date and Time in CET".
CREATE MACRO section_zone(document, headings) AS (
  SELECT first(zone_in(_text) ORDER BY _n) FILTER (zone_in(_text) IS NOT NULL)
  FROM _blocks
  WHERE _path = document AND (_kind = 'paragraph' OR _is_header) AND _heading_fits(_keys, headings)
    AND regexp_matches(_text, '(?i)\btimes?\b'));

-- The UTC moments at which a place's clocks showed a local time: none where they skipped it, two where they went back.
CREATE MACRO _moments(place, shown) AS
  list_filter(
    list_distinct(list_transform([shown - INTERVAL 1 DAY, shown + INTERVAL 1 DAY], lambda near:
      shown - (timezone(place, timezone('UTC', near)) - near))),
    lambda moment: timezone(place, timezone('UTC', moment)) = shown);

-- The offset of a zone at a local time: `zone` is an offset, an abbreviation as above, or a name like Europe/Berlin,
-- whose summer time then counts. NULL where the clocks of the place skipped that time or showed it twice.
CREATE MACRO zone_offset(zone, day, clock) AS
  CASE
    WHEN regexp_full_match(zone, '[+-]\d{2}:\d{2}') THEN zone
    WHEN contains(zone, '/') THEN list_transform([{
        shown: (day || ' ' || clock)::TIMESTAMP, moments: _moments(zone, (day || ' ' || clock)::TIMESTAMP)}], lambda t:
        CASE WHEN len(t.moments) = 1 THEN list_transform([date_diff('minute', t.moments[1], t.shown)], lambda m:
          printf('%s%02d:%02d', CASE WHEN m < 0 THEN '-' ELSE '+' END, abs(m) // 60, abs(m) % 60))[1] END)[1]
    ELSE zone_in(zone)
  END;

-- A day and a clock, from one text or two, as ISO 8601: 2020-01-20T13:50+01:00, 2020-01-20 where no clock is written or
-- the clocks of its place leave open which moment it was, NULL where no day is. A zone written beside the clock wins
-- over the one given.
CREATE MACRO instant(day_text, clock_text, zone) AS
  list_transform([{day: day_in(day_text), clock: clock_in(clock_text), own: zone_in(clock_text), doubt: _has_doubtful_zone(clock_text), zone: zone}],
    lambda t: CASE
      WHEN t.day IS NULL THEN NULL
      WHEN t.clock IS NULL OR t.doubt THEN t.day
      ELSE list_transform([{shift: coalesce(t.own, zone_offset(t.zone, t.day, t.clock))}], lambda found: CASE
        WHEN found.shift IS NULL AND contains(t.zone, '/') THEN t.day
        ELSE t.day || 'T' || t.clock || regexp_replace(coalesce(found.shift, ''), '^[+-]00:00$', 'Z') END)[1]
    END)[1];
