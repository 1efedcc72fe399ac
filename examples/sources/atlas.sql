-- Case studies of MITRE ATLAS (github.com/mitre-atlas/atlas-data, Apache-2.0): one YAML file each, attacks on systems with AI
-- in them, real ones and exercises. Severity, category, detection and causes are absent: the source states none. The steps
-- of an attack are told in order and without dates, so they are findings and labels, and no timeline.
WITH read AS (
  SELECT
    path,
    line,
    data,
    text_at(data, '$.id') AS id,
    text_at(data, '$."incident-date"') AS day,
    text_at(data, '$."incident-date-granularity"') AS granularity,
    list_transform(items_at(data, '$.procedure'), lambda s: {
      -- `{{evade_model.id}}` is the place where the source's own build puts a number: its name is the stable part.
      tactic: regexp_replace(text_at(s, '$.tactic'), '^\{\{(.+)\.id\}\}$', '\1'),
      technique: regexp_replace(text_at(s, '$.technique'), '^\{\{(.+)\.id\}\}$', '\1'),
      told: text_at(s, '$.description')
    }) AS steps,
    list_transform(items_at(data, '$.references'), lambda r: {
      url: CASE WHEN regexp_full_match(text_at(r, '$.url'), 'https?://\S+') THEN text_at(r, '$.url') END,
      title: text_at(r, '$.title'),
      -- Where the same thing has a number elsewhere, that number; else blank.
      cve: regexp_extract(text_at(r, '$.url'), '//nvd\.nist\.gov/.*(CVE-\d{4}-\d{4,})', 1),
      aiid: regexp_extract(text_at(r, '$.url'), '//incidentdatabase\.ai/cite/(\d+)', 1)
    }) AS links
  FROM documents
)
SELECT
  id,
  path,
  line,
  {
    title: text_at(data, '$.name'),
    source_system: 'mitre-atlas',
    url: 'https://atlas.mitre.org/studies/' || id,
    record_kind: our_word('record_kind', text_at(data, '$."case-study-type"')),
    external_references: list_transform(links, lambda r: {
      system: CASE WHEN r.cve <> '' THEN 'cve' WHEN r.aiid <> '' THEN 'aiid'
        ELSE nullif(regexp_extract(r.url, '^https?://([^/]+)', 1), '') END,
      id: nullif(r.cve || r.aiid, ''),
      url: r.url,
      title: r.title
    }),
    taxonomy: {
      name: 'MITRE ATLAS',
      labels: list_concat(
        list_transform(list_sort(list_distinct(list_transform(steps, lambda s: s.tactic))), lambda c: {scheme: 'tactic', code: c}),
        list_transform(
          list_sort(list_distinct(list_transform(steps, lambda s: s.technique))), lambda c: {scheme: 'technique', code: c}))
    },
    scope: {summary: text_at(data, '$.target')},
    -- The file always writes a whole day; only so much of it is known as the granularity says.
    chronology: {
      impact_started_at: CASE granularity WHEN 'DATE' THEN day WHEN 'MONTH' THEN day[:7] WHEN 'YEAR' THEN day[:4] END
    },
    participants: [{role: CASE WHEN text_at(data, '$.reporter') IS NOT NULL THEN 'reporter' END, team: text_at(data, '$.reporter')}],
    communication: {
      executive_summary: text_at(data, '$.summary'),
      technical_findings: array_to_string(
        list_transform(steps, lambda s, n: n || '. ' || concat_ws(': ', nullif(concat_ws(' / ', s.tactic, s.technique), ''), s.told)), E'\n')
    }
  } AS record
FROM read
