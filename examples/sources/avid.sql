-- The AI Vulnerability Database (github.com/avidml/avid-db, MIT): one JSON file for each report and each vulnerability.
-- Every one is a vulnerability here, so that none enters the counts of incidents. A CVSS score rates a weakness and no
-- incident: it is kept as text, and severity, category and detection stay absent.
WITH read AS (
  SELECT
    path,
    line,
    file_name,
    data,
    coalesce(text_at(data, '$.metadata.report_id'), text_at(data, '$.metadata.vuln_id')) AS id,
    CASE WHEN text_at(data, '$.metadata.report_id') IS NULL THEN 'vulnerabilities' ELSE 'reports' END AS folder,
    text_at(data, '$.problemtype.description.value') AS title,
    items_at(data, '$.affects.artifacts') AS artifacts,
    items_at(data, '$.impact.cwe') AS weaknesses,
    list_transform(texts_at(data, '$.impact.avid.sep_view'), lambda v: regexp_extract(v, '^\s*([SEP]\d{4})', 1)) AS codes,
    -- Where no reference leads to the CVE, its number may still stand in the title.
    list_distinct(regexp_extract_all(text_at(data, '$.problemtype.description.value'), 'CVE-\d{4}-\d{4,}')) AS titled,
    list_transform(items_at(data, '$.references'), lambda r: {
      url: CASE WHEN regexp_full_match(text_at(r, '$.url'), 'https?://\S+') THEN text_at(r, '$.url') END,
      label: text_at(r, '$.label'),
      -- Where the same thing has a number elsewhere, that number; else blank.
      cve: regexp_extract(text_at(r, '$.url'), '//[^/]*(?:cve\.org|nvd\.nist\.gov)/.*(CVE-\d{4}-\d{4,})', 1),
      aiid: regexp_extract(text_at(r, '$.url'), '//incidentdatabase\.ai/cite/(\d+)', 1),
      atlas: regexp_extract(text_at(r, '$.url'), '//atlas\.mitre\.org/studies/(AML\.CS\d+)', 1)
    }) AS links,
    -- Three shapes of measurement: of one value, of a scanner's detectors, of several models under one test.
    flatten(list_transform(items_at(data, '$.metrics'), lambda m: list_concat(
      CASE WHEN text_at(m, '$.value') IS NOT NULL
        THEN [concat_ws(', ', text_at(m, '$.metrics'), 'scorer ' || text_at(m, '$.scorer')) || ': ' || text_at(m, '$.value')] END,
      CASE WHEN json_extract(m, '$.results') IS NULL THEN [nullif(concat_ws(', ',
        text_at(m, '$.name'), text_at(m, '$.detection_method.type'), text_at(m, '$.detection_method.name'),
        'measured: ' || text_at(m, '$.features.measured'), 'sensitive: ' || text_at(m, '$.features.sensitive')), '')] END,
      list_transform(items_at(m, '$.results.rows'), lambda d: concat_ws(', ',
        text_at(d, '$.detector') || ': ' || text_at(d, '$.passed') || ' of ' || text_at(d, '$.total_evaluated') || ' passed',
        'score ' || text_at(d, '$.score'))),
      list_transform(items_at(m, '$.results."Test Scores"'), lambda t: concat_ws(', ',
        text_at(m, '$.name'), text_at(t, '$.Model'), text_at(t, '$."Test Kind"'), 'temperature ' || text_at(t, '$."Temperature (max 2.0)"'))
        || ': ' || text_at(t, '$."Test Score"'))))) AS measured
  FROM documents
),

-- What AVID's codes say in our words. Where they say several things none is chosen; the labels hold them all.
sorted AS (
  SELECT *, list_filter(list_distinct(list_transform(codes, lambda c: our_word('subcategory', c))), lambda w: w IS NOT NULL) AS sorts
  FROM read
)
SELECT
  id,
  path,
  line,
  {
    title: title,
    source_system: 'avid',
    url: 'https://github.com/avidml/avid-db/blob/HEAD/' || folder || '/' || split_part(id, '-', 2) || '/' || url_encode(file_name),
    record_kind: 'vulnerability',
    recorded_at: text_at(data, '$.last_modified_date'),
    -- A measurement's codes say what was asked, and not that it went wrong.
    subcategory: CASE WHEN len(sorts) = 1 AND text_at(data, '$.problemtype.type') IS DISTINCT FROM 'Measurement' THEN sorts[1] END,
    external_references: list_concat(
      list_transform(links, lambda r: {
        system: CASE WHEN r.cve <> '' THEN 'cve' WHEN r.aiid <> '' THEN 'aiid' WHEN r.atlas <> '' THEN 'mitre-atlas'
          ELSE nullif(regexp_extract(r.url, '^https?://([^/]+)', 1), '') END,
        id: nullif(r.cve || r.aiid || r.atlas, ''),
        url: r.url,
        title: CASE WHEN r.label IS DISTINCT FROM r.url THEN r.label END
      }),
      list_transform(
        list_sort(list_filter(titled, lambda c: NOT list_bool_or(list_transform(links, lambda r: coalesce(contains(r.url, c), false))))),
        lambda c: {system: 'cve', id: c, url: NULL, title: NULL})),
    taxonomy: {
      name: 'AVID',
      version: text_at(data, '$.impact.avid.taxonomy_version'),
      labels: list_concat(
        list_transform(texts_at(data, '$.impact.avid.risk_domain'), lambda v: {scheme: 'risk_domain', code: NULL, label: v}),
        list_transform(texts_at(data, '$.impact.avid.sep_view'), lambda v: {
          scheme: 'sep_view', code: nullif(regexp_extract(v, '^([A-Z]\d+)', 1), ''), label: regexp_replace(v, '^[A-Z]\d+\s*:\s*', '')}),
        list_transform(texts_at(data, '$.impact.avid.lifecycle_view'), lambda v: {
          scheme: 'lifecycle_view', code: nullif(regexp_extract(v, '^([A-Z]\d+)', 1), ''), label: regexp_replace(v, '^[A-Z]\d+\s*:\s*', '')}),
        list_transform(texts_at(data, '$.problemtype.classof'), lambda v: {scheme: 'problemtype.classof', code: NULL, label: v}),
        list_transform(texts_at(data, '$.problemtype.type'), lambda v: {scheme: 'problemtype.type', code: NULL, label: v}),
        list_transform(items_at(data, '$.impact.odin.JailbreakTaxonomy'), lambda j: {scheme: 'odin.JailbreakTaxonomy', code: NULL,
          label: concat_ws(' / ', text_at(j, '$.Category'), text_at(j, '$.Strategy'), text_at(j, '$.Technique'))}))
    },
    scope: {
      developers: list_filter(texts_at(data, '$.affects.developer'), lambda v: lower(v) <> 'n/a'),
      deployers: list_filter(texts_at(data, '$.affects.deployer'), lambda v: lower(v) <> 'n/a')
    },
    timeline: list_filter([
      {'at': text_at(data, '$.reported_date'), event: 'Reported'},
      {'at': text_at(data, '$.published_date'), event: 'Published'}], lambda e: e['at'] IS NOT NULL),
    context: {
      -- An artifact without a name still is one, of the type it has.
      artifacts: list_transform(list_filter(artifacts, lambda a, n: list_position(artifacts, a) = n), lambda a, n: {
        id: 'AR' || n,
        kind: our_word('artifact_kind', text_at(a, '$.type')),
        name: CASE WHEN lower(text_at(a, '$.name')) <> 'n/a' THEN text_at(a, '$.name') END
      })
    },
    evidence: list_transform(list_filter(measured, lambda s: s IS NOT NULL), lambda s, n: {id: 'E' || n, kind: 'metric', statement: s}),
    -- A CWE names the kind of weakness behind a vulnerability: its root cause, with an id of its own.
    root_causes: list_transform(
      list_filter(weaknesses, lambda w, n: list_position(list_transform(weaknesses, lambda o: text_at(o, '$.cweId')), text_at(w, '$.cweId')) = n),
      lambda w: {
        id: text_at(w, '$.cweId'), code: our_word('cause', text_at(w, '$.cweId')), stated_as: text_at(w, '$.description')}),
    communication: {
      technical_findings: text_at(data, '$.description.value'),
      risk_implications: nullif(concat_ws(E'\n',
        'CVSS ' || text_at(data, '$.impact.cvss.version') || ': ' || text_at(data, '$.impact.cvss.baseScore') || ' '
          || text_at(data, '$.impact.cvss.baseSeverity') || ', ' || text_at(data, '$.impact.cvss.vectorString'),
        '0DIN social impact: ' || text_at(data, '$.impact.odin.SocialImpactScore')), '')
    },
    related: list_transform(
      list_concat(texts_at(data, '$.impact.avid.vuln_id'), list_transform(items_at(data, '$.reports'), lambda r: text_at(r, '$.report_id'))),
      lambda other: {id: other})
  } AS record
FROM sorted
