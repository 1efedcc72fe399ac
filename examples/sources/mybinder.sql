-- Incident reports of mybinder.org (github.com/jupyterhub/mybinder.org-deploy, BSD-3): one Markdown file each. An event is
-- a heading with a time, what happened stands below it. What only a reader can tell (which sentence states a cause, a
-- duration) is in the lookups: by the words it is found by, with the reason; the text itself comes from the document.
WITH read AS (
  SELECT
    documents.path,
    title,
    file_name,
    regexp_replace(file_name, '\.md$', '') AS id,
    coalesce(day_in(title), day_in(file_name)) AS day,
    (SELECT first(regexp_extract(text, '^All times in (.*)$', 1) ORDER BY n)
      FROM blocks WHERE blocks.path = documents.path AND text LIKE 'All times in %') AS zone_written,
    (SELECT first(zone_in(text) ORDER BY n) FILTER (zone_in(text) IS NOT NULL)
      FROM blocks WHERE blocks.path = documents.path AND kind = 'heading' AND level > 2) AS zone_of_first
  FROM documents
),

-- Two days of one report stand beside the section Timeline, as headings of its level.
times AS (
  SELECT path, n, line, text, regexp_extract(text, '^(.*?\d:\d\d(?: ?[ap]m)?) - (\D.*)$', ['when', 'label']) AS cut
  FROM blocks
  WHERE kind = 'heading' AND level > 1
    AND ((level > 2 AND list_contains(trail, 'Timeline')) OR clock_in(trail[2]) IS NOT NULL)
),

entries AS (
  SELECT path, list({
      'when': coalesce(nullif(cut."when", ''), text),
      event: concat_ws(chr(10) || chr(10), nullif(cut.label, ''), body_text(times.path, times.n)),
      line: line
    } ORDER BY n) AS entries
  FROM times GROUP BY path
),

events AS (
  SELECT read.path, read.id, dated(entries, coalesce(mybinder_zones.zone, zone_in(zone_written), zone_of_first), read.day) AS events
  FROM read
  JOIN entries USING (path)
  LEFT JOIN mybinder_zones ON mybinder_zones.written = zone_written
),

reached AS (
  SELECT path, point, list(event['at'] ORDER BY event.line) AS moments
  FROM (SELECT path, unnest(events) AS event FROM events)
  JOIN mybinder_points ON regexp_matches(regexp_replace(event.event, '^\[[^\]]*\] ', ''), says, 'i')
  GROUP BY path, point
),

points AS (
  SELECT
    path,
    first(moments[1]) FILTER (point = 'impact_started_at') AS started,
    first(moments[1]) FILTER (point = 'detected_at') AS detected,
    first(moments[1]) FILTER (point = 'acknowledged_at') AS acknowledged,
    first(moments[-1]) FILTER (point = 'resolved_at') AS resolved
  FROM reached GROUP BY path
),

durations AS (
  SELECT
    read.path,
    first(duration_after(sentence_with(read.path, says), says)) FILTER (phase = 'detect') AS to_detect,
    first(sentence_with(read.path, says)) FILTER (phase = 'detect') AS to_detect_text,
    first(duration_after(sentence_with(read.path, says), says)) FILTER (phase = 'resolve') AS to_resolve,
    first(sentence_with(read.path, says)) FILTER (phase = 'resolve') AS to_resolve_text
  FROM read JOIN mybinder_durations USING (id) GROUP BY read.path
),

-- A cause the author calls unknown is one.
causes AS (
  SELECT read.path, list({
      cause: CASE WHEN cause = 'unknown' THEN 'root_cause' ELSE cause END,
      description: CASE WHEN cause = 'unknown' THEN 'unknown' ELSE sentence_with(read.path, says) END
    } ORDER BY mybinder_causes.rowid) AS causes
  FROM read JOIN mybinder_causes USING (id) GROUP BY read.path
),

items AS (
  SELECT path, id, unnest(placed_points(read.path, ['Action items'])) AS item FROM read
),

-- One report lists under Action items what went wrong: those are lessons. The template's own headings (Process
-- improvements …) say nothing about an action; that of a component or a topic does, and stands before the title.
actions AS (
  SELECT items.path, list({
      title: CASE WHEN regexp_matches(item.section, '(?i)improvements$|^action items$') THEN '' ELSE item.section || ': ' END
        || without_tick(item.text),
      status: CASE WHEN tick_in(item.text) OR regexp_matches(item.text, '(?i)this has been done|[.] done in ') THEN 'done' END,
      change_control: {ticket: array_to_string(tickets_in(item.text), ' ')}
    } ORDER BY item.line) AS actions
  FROM items LEFT JOIN mybinder_paragraphs ON mybinder_paragraphs.id = items.id AND mybinder_paragraphs.section = item.section
  WHERE item.section <> 'What went wrong' AND (item.kind = 'bullet' OR "is" = 'action')
  GROUP BY items.path
),

-- Links the report itself calls the talk, the charts or the issue of the incident.
links AS (
  SELECT path, list(DISTINCT link) AS links
  FROM (
    SELECT path, unnest(links_in(text)) AS link FROM blocks
    WHERE regexp_matches(text, '(?i)^(link to )?gitter (incident start|link)\b')
      OR (kind IN ('bullet', 'paragraph') AND list_contains(trail, 'Related Issues / PRs'))
      OR (kind = 'bullet' AND trail[-1] = 'Timeline'))
  GROUP BY path
)

SELECT
  read.id,
  read.path,
  1 AS line,
  {
    title: title,
    source_system: 'jupyterhub/mybinder.org-deploy',
    url: 'https://github.com/jupyterhub/mybinder.org-deploy/blob/HEAD/docs/source/incident-reports/' || url_encode(file_name),
    record_kind: mybinder_kinds.record_kind,
    detection_source: mybinder_detection.detection_source,
    external_references: list_transform(list_sort(links), lambda link: {system: regexp_extract(link, '//([^/]+)', 1), url: link}),
    chronology: {
      impact_started_at: started,
      detected_at: detected,
      acknowledged_at: acknowledged,
      resolved_at: resolved,
      stated: {
        time_to_detect_minutes: to_detect,
        time_to_detect_text: to_detect_text,
        time_to_resolve_minutes: to_resolve,
        time_to_resolve_text: to_resolve_text
      }
    },
    timeline: list_transform(events, lambda e: {'at': e['at'], event: e.event, estimated: e.estimated}),
    evidence: list_transform(bullets(read.path, ['Logs']), lambda bullet, n: {
      id: 'E' || n, statement: bullet, uri: links_in(bullet)[1]}),
    triggers: list_transform(list_filter(causes, lambda c: c.cause = 'trigger'), lambda c, n: {id: 'T' || n, description: c.description}),
    root_causes: list_transform(list_filter(causes, lambda c: c.cause = 'root_cause'), lambda c, n: {id: 'C' || n, description: c.description}),
    contributing_factors: list_transform(
      list_filter(causes, lambda c: c.cause = 'contributing_factor'), lambda c, n: {id: 'F' || n, description: c.description}),
    actions: list_transform(actions, lambda a, n: {
      id: 'A' || n, title: a.title, status: a.status, change_control: {ticket: nullif(a.change_control.ticket, '')}}),
    communication: {
      executive_summary: coalesce(section_text(read.path, ['Summary']), opening_text(read.path)),
      technical_findings: section_text(read.path, ['Conclusion', 'Conclusions'])
    },
    -- The examples of the template, left standing in one report, are nobody's lessons.
    lessons: {
      learned: list_filter(bullets(read.path, ['Lessons learned', 'Lessons learnt']), lambda b: NOT list_contains(sorted, b)),
      went_well: list_filter(well, lambda b: NOT regexp_matches(b, '^(We were alerted to the outage by automated bots before|The staging cluster helped us catch this before)')),
      went_wrong: wrong,
      lucky: lucky
    }
  } AS record
FROM (
  SELECT *, list_concat(well, wrong, lucky) AS sorted FROM (
    SELECT
      *,
      bullets(read.path, ['What went well']) AS well,
      bullets(read.path, ['What went wrong']) AS wrong,
      bullets(read.path, ['Where we got lucky']) AS lucky
    FROM read)) AS read
LEFT JOIN events USING (path)
LEFT JOIN points USING (path)
LEFT JOIN durations USING (path)
LEFT JOIN causes USING (path)
LEFT JOIN actions USING (path)
LEFT JOIN links USING (path)
LEFT JOIN mybinder_kinds ON mybinder_kinds.id = read.id
LEFT JOIN mybinder_detection ON mybinder_detection.id = read.id
