-- Public post-mortems of PostHog (github.com/PostHog/post-mortems, MIT): one Markdown file each, every one built in its
-- own way. What their headings and labels say is read by rule. What only a reader can tell is in the lookups: by the words
-- it is found by, with the reason; the text itself comes from the document.
WITH read AS (
  SELECT
    documents.path,
    file_name,
    text AS written,
    document_text(documents.path) AS told,
    regexp_replace(regexp_replace(file_name, '\.md$', ''), '\s+', '-', 'g') AS id,
    coalesce(nullif(title, ''), regexp_extract(file_name, '^\d{4}-\d{2}-\d{2}-(.*)\.md$', 1)) AS title,
    day_in(file_name) AS day
  FROM documents
),

-- A bullet, a table row or a paragraph that begins with a time; a heading of the timeline sets the day.
begun AS (
  SELECT path, n, line, CASE
      WHEN kind = 'heading' THEN {'when': text, 'event': NULL}
      WHEN kind = 'row' THEN {'when': cells[1], 'event': array_to_string(cells[2:], ' | ')}
      WHEN kind = 'bullet' THEN time_and_event(text)
      ELSE {
        'when': regexp_extract(text, '^(?:At|By|From) ((?:[A-Z][a-z]+ \d{1,2}(?:, \d{4})?, )?\d{1,2}:\d{2}(?: ?[AP]M)?(?: UTC)?(?: on [A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?)?)', 1),
        'event': text}
    END AS cut
  FROM blocks
  WHERE (kind IN ('bullet', 'row', 'heading') AND level <= 3 AND NOT is_header AND regexp_matches(trail[2], '(?i)timeline'))
    OR kind = 'paragraph'
),

entries AS (
  SELECT path, list({'when': cut."when", event: cut.event, line: line} ORDER BY n) AS entries
  FROM begun WHERE cut."when" <> '' AND (cut.event IS NULL OR clock_in(cut."when") IS NOT NULL)
  GROUP BY path
),

-- A clock without a zone, in a report that names none for all its times, is a day.
events AS (
  SELECT path, list_transform(
    dated(entries, section_zone(read.path, ['Timeline']), read.day), lambda e: {
      'at': CASE WHEN regexp_matches(e['at'], 'T[\d:]+$') THEN e['at'][:10] ELSE e['at'] END,
      event: e.event, estimated: e.estimated, line: e.line}) AS events
  FROM read JOIN entries USING (path)
),

-- Turning points: of the timeline, and those the text states; days they leave out are that of the file's name.
reached AS (
  SELECT path, point, event['at'] AS moment
  FROM (SELECT path, unnest(events) AS event FROM events)
  JOIN posthog_events ON regexp_matches(regexp_replace(event.event, '^\[[^\]]*\] ', ''), says, 'i')
  UNION ALL
  -- "Date: January 14-19, 2026" at the head of a report: when its author says the incident was.
  SELECT path, 'impact_started_at', day_near(labelled(path, ['*'], 'Date'), day) FROM read
  UNION ALL
  SELECT path, 'resolved_at', day_near(regexp_replace(labelled(path, ['*'], 'Date'), '\d+\s*[-–]\s*(\d)', '\1'), day) FROM read
  UNION ALL
  SELECT path, point, instant(coalesce(day_near(found, day), day), found, NULL)
  FROM (SELECT path, day, point, nullif(regexp_extract(told, says, 1), '') AS found FROM read JOIN posthog_points USING (id))
),

points AS (
  SELECT path, map_from_entries(list((point, moment) ORDER BY point)) AS points
  FROM (SELECT path, point, min(moment) AS moment FROM reached WHERE moment IS NOT NULL GROUP BY path, point)
  GROUP BY path
),

durations AS (
  SELECT
    read.path,
    first(duration_after(sentence_with(read.path, says), says)) FILTER (phase = 'detect') AS to_detect,
    first(sentence_with(read.path, says)) FILTER (phase = 'detect') AS to_detect_text,
    first(duration_after(sentence_with(read.path, says), says)) FILTER (phase = 'resolve') AS to_resolve,
    first(sentence_with(read.path, says)) FILTER (phase = 'resolve') AS to_resolve_text
  FROM read JOIN posthog_durations USING (id) GROUP BY read.path
),

points_of_text AS (
  SELECT path, id, written, unnest(placed_points(read.path, ['*'])) AS point FROM read
),

stated AS (
  SELECT read.path, cause, sentence_with(read.path, says) AS description, posthog_causes.rowid AS place, 0 AS line
  FROM read JOIN posthog_causes USING (id) WHERE kind = 'sentence'
  UNION ALL
  SELECT path, cause, point.text, posthog_causes.rowid, point.line
  FROM points_of_text JOIN posthog_causes USING (id)
  WHERE posthog_causes.section = point.section AND posthog_causes.kind = point.kind AND contains(point.text, coalesce(says, ''))
),

causes AS (
  SELECT path, list({cause: cause, description: description} ORDER BY place, line) AS causes FROM stated GROUP BY path
),

-- What is to be done. One report numbers its measures and lets bullets of no number follow each: they belong to it.
measures AS (
  SELECT
    *,
    sum(CASE WHEN NOT has_numbers OR is_numbered THEN 1 ELSE 0 END) OVER (PARTITION BY path, section ORDER BY line) AS measure
  FROM (
    SELECT *, bool_or(is_numbered) OVER (PARTITION BY path, section) AS has_numbers
    FROM (
      SELECT path, point.section AS section, point.kind AS kind, point.text AS text, point.line AS line,
        regexp_matches(string_split(written, chr(10))[point.line], '^\d+[.]') AS is_numbered,
        last_value(CASE WHEN point.kind = 'paragraph' AND point.text LIKE '%:' THEN rtrim(point.text, ':') END IGNORE NULLS)
          OVER (PARTITION BY path, point.section ORDER BY point.line) AS label
      FROM points_of_text
      WHERE point.line IN (
        SELECT unnest(list_transform(
          placed_points(points_of_text.path, ['Remediation', 'Action Items', 'How are we preventing it*']), lambda p: p.line)))))
  WHERE kind = 'bullet' OR text LIKE 'Action item:%'
),

asked AS (
  SELECT path, min(line) AS line, first(label ORDER BY line) AS label,
    regexp_replace(section, '\s*\([^()]*\(http[^()]*\)\)', '') AS heading,
    first(tickets_in(section) ORDER BY line) AS tickets_of_all, NULL AS status,
    string_agg(text, chr(10) || '- ' ORDER BY line) AS text
  FROM measures GROUP BY path, section, measure
  UNION ALL
  SELECT read.path, posthog_actions.rowid, NULL, 'Action Items', NULL, posthog_actions.status, sentence_with(read.path, says)
  FROM read JOIN posthog_actions USING (id)
),

-- A heading that says when, or how far it has come, stands before the title. Who is to do it is a person: a participant.
actions AS (
  SELECT path, line,
    'A' || row_number() OVER (PARTITION BY path ORDER BY line) AS id,
    regexp_extract(text, 'Owner: @([\w-]+)', 1) AS owner,
    CASE WHEN heading IN ('Action Items', 'Remediation') OR heading LIKE '%?' THEN ''
      ELSE concat_ws(', ', heading, CASE WHEN heading <> label THEN label END) || ': ' END
      || regexp_replace(regexp_replace(without_tick(text), '\s*Owner: @[\w-]+', ''), '^Action item: ', '') AS title,
    CASE
      WHEN tick_in(text) OR regexp_matches(heading, '(?i)\(completed\)') THEN 'done'
      WHEN regexp_matches(label, '(?i)^in progress') THEN 'in_progress'
      ELSE status
    END AS status,
    array_to_string(coalesce(nullif(tickets_in(text), []), tickets_of_all), ' ') AS ticket
  FROM asked
),

owners AS (
  SELECT path, list({person: owner, responsibility: 'Owner of ' || own} ORDER BY owner) AS participants
  FROM (SELECT path, owner, string_agg(id, ', ' ORDER BY line) AS own FROM actions WHERE owner <> '' GROUP BY path, owner)
  GROUP BY path
),

facts AS (
  SELECT id,
    list(value ORDER BY value) FILTER (fact = 'service') AS services,
    list(value ORDER BY value) FILTER (fact = 'region') AS regions,
    first(value) FILTER (fact = 'detection_source') AS detection_source
  FROM posthog_facts GROUP BY id
),

links AS (
  SELECT path, list(link ORDER BY line) AS links
  FROM (
    SELECT path, line, unnest(links_in(text)) AS link FROM blocks
    WHERE kind = 'paragraph' AND regexp_matches(text, '^Internal post-mortem:|status page \(https?:'))
  GROUP BY path
),

pictures AS (
  SELECT path, list({statement: regexp_extract(text, ' alt="([^"]+)"', 1), uri: regexp_extract(text, ' src="([^"]+)"', 1)} ORDER BY n) AS pictures
  FROM blocks WHERE kind = 'paragraph' AND regexp_matches(text, '^<img .* alt="[^"]+" src="http')
  GROUP BY path
)

SELECT
  read.id,
  read.path,
  1 AS line,
  {
    title: read.title,
    source_system: 'PostHog/post-mortems',
    url: 'https://github.com/PostHog/post-mortems/blob/HEAD/' || replace(url_encode(read.path), '%2F', '/'),
    severity: posthog_severity.severity,
    detection_source: facts.detection_source,
    external_references: list_transform(links, lambda link: {system: regexp_extract(link, '//([^/]+)', 1), url: link}),
    scope: {
      summary: section_text(read.path, ['Impact', 'Incident Impact']),
      services: facts.services,
      regions: facts.regions,
      affected: list_filter([{
        who: 'customers',
        min: TRY_CAST(regexp_extract(told, '(?:Affected customers: |At least )(\d+) (?:teams|customers reported)', 1) AS INTEGER),
        max: TRY_CAST(regexp_extract(told, 'Affected customers: (\d+) teams', 1) AS INTEGER)
      }], lambda one: one.min IS NOT NULL)
    },
    chronology: {
      introduced_at: points['introduced_at'],
      impact_started_at: points['impact_started_at'],
      detected_at: points['detected_at'],
      acknowledged_at: points['acknowledged_at'],
      mitigated_at: points['mitigated_at'],
      resolved_at: points['resolved_at'],
      stated: {
        time_to_detect_minutes: to_detect,
        time_to_detect_text: to_detect_text,
        time_to_resolve_minutes: to_resolve,
        time_to_resolve_text: to_resolve_text
      }
    },
    timeline: list_transform(events, lambda e: {'at': e['at'], event: e.event, estimated: e.estimated}),
    evidence: list_transform(pictures, lambda p, n: {id: 'E' || n, statement: p.statement, uri: p.uri}),
    triggers: list_transform(list_filter(causes, lambda c: c.cause = 'trigger'), lambda c, n: {id: 'T' || n, description: c.description}),
    root_causes: list_transform(list_filter(causes, lambda c: c.cause = 'root_cause'), lambda c, n: {id: 'C' || n, description: c.description}),
    contributing_factors: list_transform(
      list_filter(causes, lambda c: c.cause = 'contributing_factor'), lambda c, n: {id: 'F' || n, description: c.description}),
    actions: done.actions,
    participants: owners.participants,
    communication: {
      executive_summary: nullif(concat_ws(chr(10) || chr(10), opening_text(read.path), section_text(read.path, ['Summary', 'Incident Summary'])), ''),
      technical_findings: nullif(concat_ws(chr(10) || chr(10),
        section_text(read.path, [
          'Root Cause', 'Root Cause Analysis', 'Resolution', 'Why was this hard to detect*', 'How did it happen*', 'Why did it happen*']),
        -- What one report tells of each of its four incidents between their times.
        array_to_string(list_filter(
          points(read.path, ['Incident Timeline']), lambda p: time_and_event(p)."when" IS NULL AND p <> 'Timeline:'), chr(10) || chr(10))), ''),
      product_implications: section_text(read.path, ['What should you do*'])
    },
    lessons: {
      went_well: list_transform(points(read.path, ['What went well*']), lambda p: without_tick(p)),
      went_wrong: list_transform(
        points(read.path, ['What Didn''t Go Well', 'What Went Poorly', 'What could have gone better*']), lambda p: without_tick(p)),
      learned: list_concat(
        list_transform(
          list_filter(placed_points(read.path, ['Lessons Learned']), lambda p: heading_key(p.section) = 'lessons learned'), lambda p: p.text),
        points(read.path, ['Key Takeaways', 'Insights']))
    }
  } AS record
FROM read
LEFT JOIN facts ON facts.id = read.id
LEFT JOIN events USING (path)
LEFT JOIN points USING (path)
LEFT JOIN durations USING (path)
LEFT JOIN causes USING (path)
LEFT JOIN (
  SELECT path, list({id: id, title: title, status: status, change_control: {ticket: nullif(ticket, '')}} ORDER BY line) AS actions
  FROM actions GROUP BY path) AS done USING (path)
LEFT JOIN owners USING (path)
LEFT JOIN links USING (path)
LEFT JOIN pictures USING (path)
LEFT JOIN posthog_severity ON posthog_severity.written
  = coalesce(labelled(read.path, ['Impact'], 'Severity'), labelled(read.path, ['*'], 'Severity'))
