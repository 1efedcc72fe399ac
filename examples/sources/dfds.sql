-- Post-mortems of DFDS Cloud Engineering (github.com/dfds/postmortems, MIT): one Markdown file each, one record each.
-- Mapped is what a document says under its own labels. Left out because the contract has no field that means the
-- same: the source's Category (Kubernetes, Observability …).
-- Causes carry no code: the source gives none. Severity, category and detection source are absent for the same reason.
WITH read AS (
  SELECT
    path,
    title,
    file_name,
    regexp_extract(file_name, '^(PM\d{4}-\d{3}) ', 1) AS id,
    -- A row of the template left as it was is not an event.
    list_filter(
      timeline(documents.path, ['Timeline'], section_zone(documents.path, ['Timeline']), NULL),
      lambda e: NOT regexp_matches(e.event, 'Short event description')) AS events,
    labelled(documents.path, ['Stats'], 'Time to detection') AS to_detection,
    labelled(documents.path, ['Stats'], 'Time to recovery') AS to_recovery,
    coalesce(' (Notes: ' || labelled(documents.path, ['Stats'], 'Notes') || ')', '') AS caveat
  FROM documents
)
SELECT
  read.id,
  read.path,
  1 AS line,
  {
    title: title,
    source_system: 'dfds/postmortems',
    url: 'https://github.com/dfds/postmortems/blob/HEAD/' || url_encode(file_name),
    record_kind: dfds_kinds.record_kind,
    chronology: {
      -- Only where the source itself puts the label to the event; which other event was meant would be our guess.
      impact_started_at: list_filter(events, lambda e: e.event LIKE '%(problem started)%')[1]['at'],
      detected_at: list_filter(events, lambda e: regexp_matches(e.event, '^(Detection|Discovery):'))[1]['at'],
      resolved_at: list_filter(events, lambda e: regexp_matches(e.event, '^Recovery:|\(resolved\)'))[1]['at'],
      stated: {
        time_to_detect_minutes: duration(to_detection),
        time_to_detect_text: to_detection || caveat || coalesce(' ' || footnotes(path, to_detection), ''),
        time_to_resolve_minutes: duration(to_recovery),
        time_to_resolve_text: to_recovery || caveat || coalesce(' ' || footnotes(path, to_recovery), '')
      }
    },
    timeline: list_transform(events, lambda e: {'at': e['at'], event: e.event, estimated: e.estimated}),
    contributing_factors: list_transform(
      points(path, ['Contributing Factors']), lambda point, n: {id: 'F' || n, description: point}),
    actions: list_transform(
      bullets(path, ['Action Items']), lambda bullet, n: {
        id: 'A' || n,
        title: bullet,
        status: CASE WHEN bullet LIKE '%(done)' THEN 'done' END
      }),
    participants: list_transform(people(path, ['Attendees', 'Atendees']), lambda person: {person: person}),
    communication: {executive_summary: section_text(path, ['Summary'])},
    lessons: {learned: points(path, ['Lessons Learned'])}
  } AS record
FROM read LEFT JOIN dfds_kinds USING (id)
