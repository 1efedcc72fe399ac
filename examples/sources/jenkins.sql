-- Status records of the Jenkins infrastructure team (github.com/jenkins-infra/status, MIT): one Markdown file each,
-- front matter for the facts, a body of messages to users. Category, causes and actions are absent: the source has none.
WITH read AS (
  SELECT
    path,
    title,
    file_name,
    regexp_replace(file_name, '\.md$', '') AS id,
    front,
    -- What its own name calls it. Host names are taken out first: issues.jenkins.io is no issue.
    regexp_replace(lower(title || ' ' || file_name), '[\w.]*jenkins(-ci)?\.(io|org)', '', 'g') AS name
  FROM documents
),

-- A record whose name says both, or nothing, is judged by its text; where that misleads too, jenkins_kinds.csv knows.
told AS (
  SELECT
    *,
    regexp_matches(name, 'maint|migrat|upgrad|ugrade|brown|restart|version') AS named_planned,
    regexp_matches(name, 'outage|incident|\bdown\b|unavailable|unreachable|slow|flaky|error|issue|expired|fail|disrupt|problem|offline|quota|not.updat|not refreshed|blocked|overload|disconnect|out-of-space|high response|not allocat') AS named_broken,
    regexp_matches(document_text(read.path), '(?i)maintenance|migrat|upgrad|operation|security advisory|will (be|use|require)|we''ll|(os|operating system) restart|update the dns') AS text_planned
  FROM read
),

services AS (
  SELECT path, list(DISTINCT service ORDER BY service) AS services
  FROM (
    SELECT path, CASE WHEN jenkins_services.written IS NULL THEN named ELSE jenkins_services.service END AS service
    FROM (
      SELECT path, unnest(front_list(front, 'affected')) AS named FROM read)
    LEFT JOIN jenkins_services ON jenkins_services.written = named)
  WHERE service <> ''
  GROUP BY path
)

SELECT
  told.id,
  told.path,
  1 AS line,
  {
    title: told.title,
    source_system: 'jenkins-infra/status',
    url: 'https://github.com/jenkins-infra/status/blob/HEAD/content/issues/' || url_encode(told.file_name),
    record_kind: coalesce(
      jenkins_kinds.record_kind,
      CASE
        WHEN named_planned AND NOT named_broken THEN 'maintenance'
        WHEN named_broken AND NOT named_planned THEN 'incident'
        WHEN text_planned THEN 'maintenance'
        ELSE 'incident'
      END),
    severity: jenkins_severity.severity,
    scope: {services: services.services},
    -- No zone is written beside some of these times: the source's declaration says UTC, ingestion places them.
    chronology: {
      impact_started_at: instant(front_text(front, 'date'), front_text(front, 'date'), NULL),
      resolved_at: CASE WHEN front_text(front, 'resolved') = 'true'
        THEN instant(front_text(front, 'resolvedWhen'), front_text(front, 'resolvedWhen'), NULL) END
    },
    timeline: list_transform(
      timeline(told.path, ['Timeline*'], CASE WHEN document_text(told.path) LIKE '%Denver - %' THEN 'America/Denver' END, NULL),
      lambda e: {'at': e['at'], event: e.event, estimated: e.estimated}),
    communication: {product_implications: document_text(told.path)}
  } AS record
FROM told
LEFT JOIN services USING (path)
LEFT JOIN jenkins_kinds USING (id)
LEFT JOIN jenkins_severity ON jenkins_severity.written = front_text(front, 'severity')
