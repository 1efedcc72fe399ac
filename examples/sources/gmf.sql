-- Failure causes of incidents in the AI Incident Database, annotated after GMF (github.com/responsible-ai-collaborative/aiid):
-- one JSON object, whose keys are numbers of incidents. A known cause is a root cause, a potential one an open hypothesis:
-- the two are never added up. The file holds no title, day or severity; the title here only says what the record is.
WITH read AS (
  SELECT
    documents.path,
    documents.line,
    incident.key AS number,
    incident.value AS data,
    items_at(incident.value, '$.snippets') AS quotes,
    items_at(incident.value, '$.taxonomies.failure') AS failures,
    list_concat(
      list_transform(items_at(incident.value, '$.taxonomies.task'), lambda l: {scheme: 'task', label: l}),
      list_transform(items_at(incident.value, '$.taxonomies.technology'), lambda l: {scheme: 'technology', label: l})) AS sorts
  FROM documents, json_each(documents.data) AS incident
),

causes AS (
  SELECT
    *,
    list_transform(quotes, lambda q: text_at(q, '$.snippet_text')) AS quoted,
    list_filter(failures, lambda f: our_word('confidence', text_at(f, '$.confidence')) = 'known') AS known,
    -- What is not said to be known is at most possible.
    list_filter(failures, lambda f: our_word('confidence', text_at(f, '$.confidence')) IS DISTINCT FROM 'known') AS possible
  FROM read
)
SELECT
  'AIID-' || number AS id,
  path,
  line,
  {
    title: 'AIID incident ' || number || ' (failure causes annotated after GMF)',
    source_system: 'aiid-gmf',
    url: 'https://incidentdatabase.ai/cite/' || number,
    external_references: [{system: 'aiid', id: number, url: 'https://incidentdatabase.ai/cite/' || number}],
    taxonomy: {
      name: 'GMF',
      labels: list_transform(sorts, lambda s: {
        scheme: s.scheme,
        label: text_at(s.label, '$.label'),
        confidence: our_word('confidence', text_at(s.label, '$.confidence')),
        note: text_at(s.label, '$.comment'),
        evidence: list_transform(texts_at(s.label, '$.snippets'), lambda q: 'E' || list_position(quoted, q))
      })
    },
    -- A quotation from a report about the incident; quotations from one report are one source.
    evidence: list_transform(quotes, lambda q, n: {
      id: 'E' || n,
      statement: regexp_replace(text_at(q, '$.snippet_text'), '^\s+|\s+$', '', 'g')
        || coalesce(' [Annotator: ' || text_at(q, '$.comment') || ']', ''),
      source_group: 'report ' || text_at(q, '$.report_idx')
    }),
    root_causes: list_transform(known, lambda f, n: {
      id: 'RC' || n,
      code: our_word('cause', text_at(f, '$.label')),
      stated_as: text_at(f, '$.label'),
      description: text_at(f, '$.comment'),
      evidence: list_transform(texts_at(f, '$.snippets'), lambda q: 'E' || list_position(quoted, q))
    }),
    analysis: {
      hypotheses: list_transform(possible, lambda f, n: {
        id: 'H' || n, statement: concat_ws(': ', text_at(f, '$.label'), text_at(f, '$.comment')), state: 'open'}),
      -- Which quotation the annotator put beside it; how far that speaks for it nobody said.
      matrix: list_filter(
        list_transform(possible, lambda f, n: {
          hypothesis: 'H' || n,
          evidence: list_transform(texts_at(f, '$.snippets'), lambda q: 'E' || list_position(quoted, q))}),
        lambda cell: len(cell.evidence) > 0)
    }
  } AS record
FROM causes
