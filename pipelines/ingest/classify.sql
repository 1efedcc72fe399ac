-- What becomes of each record handed in. Reads the temp tables `incoming` (records of the files read now) and `read_now`
-- (those files and the removed ones); leaves `classified` (one row per record handed in, with its outcome), `carried_now`
-- and `gone` (records a file has stopped holding). Set-based: the order in which files were read does not matter.

-- The last reading of every file before this run.
CREATE OR REPLACE TEMP TABLE last_reading AS
SELECT source, path, max(generation) AS generation FROM raw.files GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE carried_before AS
WITH carried AS (
  SELECT source, path, c.line, c.record_id, c.revision_id
  FROM raw.carriage AS c JOIN last_reading USING (source, path, generation)
),
-- nothing below asks of any other record: one new record on a million is decided among a few rows
concerned AS (
  SELECT record_id FROM incoming
  UNION
  SELECT record_id FROM carried SEMI JOIN read_now USING (source, path)
)
SELECT * FROM carried SEMI JOIN concerned USING (record_id);

-- A file with anything set aside removes nothing: what it held before and no longer shows may be in the part set aside.
CREATE OR REPLACE TEMP TABLE carried_now AS
SELECT source, path, line, record_id, revision_id FROM incoming
UNION ALL
SELECT b.source, b.path, b.line, b.record_id, b.revision_id
FROM carried_before AS b JOIN read_now AS f USING (source, path)
WHERE f.kind = 'read' AND f.quarantined > 0
  AND NOT EXISTS (FROM incoming AS i WHERE i.source = b.source AND i.path = b.path AND i.record_id = b.record_id);

CREATE OR REPLACE TEMP TABLE live AS
SELECT * FROM carried_now
UNION ALL
SELECT * FROM carried_before AS b ANTI JOIN read_now AS f USING (source, path);

-- Only what decides: whole records going through these joins and windows cost as much as reading them.
CREATE OR REPLACE TEMP TABLE classified AS
WITH numbered AS (
  SELECT rowid AS incoming_row, source, path, line, record_id, revision_id, stated_revision,
    row_number() OVER (PARTITION BY revision_id ORDER BY is_trusted DESC, source, path, line) AS copy
  FROM incoming
),
contents AS (
  SELECT record_id, revision_id, stated_revision FROM raw.revisions SEMI JOIN incoming USING (record_id)
  UNION
  SELECT record_id, revision_id, stated_revision FROM incoming
),
-- the same key with other content: the same stated revision anywhere, or no stated revision in two files that both live
clashes AS (
  SELECT DISTINCT i.revision_id
  FROM incoming AS i JOIN contents AS o USING (record_id)
  WHERE o.revision_id <> i.revision_id AND (
    o.stated_revision = i.stated_revision
    OR (i.stated_revision IS NULL AND o.stated_revision IS NULL
        AND EXISTS (FROM live AS l WHERE l.revision_id = o.revision_id))
  )
)
SELECT n.* EXCLUDE (copy),
  r.revision_id IS NULL AND n.copy = 1 AS is_new_content,
  same.revision_id IS NULL AS is_news,
  CASE
    WHEN n.copy > 1 THEN 'duplicate'
    WHEN r.revision_id IS NULL AND c.revision_id IS NOT NULL THEN 'conflicted'
    WHEN r.revision_id IS NULL THEN 'accepted'
    WHEN same.revision_id IS NOT NULL THEN 'unchanged'
    WHEN before.record_id IS NULL THEN 'accepted'
    WHEN other.record_id IS NOT NULL THEN 'accepted'
    WHEN elsewhere.revision_id IS NOT NULL THEN 'duplicate'
    ELSE 'unchanged'
  END AS outcome
FROM numbered AS n
LEFT JOIN (SELECT DISTINCT revision_id FROM raw.revisions SEMI JOIN incoming USING (revision_id)) AS r USING (revision_id)
LEFT JOIN clashes AS c USING (revision_id)
-- some file held this record; this file held this very revision; this file held another one (an edit taken back);
-- another file holds this one
LEFT JOIN (SELECT DISTINCT record_id FROM carried_before) AS before ON before.record_id = n.record_id
LEFT JOIN (SELECT DISTINCT source, path, revision_id FROM carried_before) AS same
  ON (same.source, same.path, same.revision_id) = (n.source, n.path, n.revision_id)
LEFT JOIN (SELECT DISTINCT source, path, record_id FROM carried_before) AS other
  ON (other.source, other.path, other.record_id) = (n.source, n.path, n.record_id)
LEFT JOIN (SELECT revision_id FROM live GROUP BY revision_id HAVING count(*) > 1) AS elsewhere
  ON elsewhere.revision_id = n.revision_id;

CREATE OR REPLACE TEMP TABLE gone AS
SELECT DISTINCT source, path, record_id, NOT EXISTS (FROM live AS l WHERE l.record_id = b.record_id) AS is_last
FROM carried_before AS b SEMI JOIN read_now AS f USING (source, path)
WHERE NOT EXISTS (FROM carried_now AS n WHERE (n.source, n.path, n.record_id) = (b.source, b.path, b.record_id));

-- The records that no revision holds yet, whole, in the slice of the delivery that is being appended.
CREATE OR REPLACE TEMP VIEW new_content AS
SELECT incoming.*, classified.outcome
FROM incoming JOIN classified ON classified.incoming_row = incoming.rowid
WHERE classified.is_new_content
  AND incoming.rowid >= getvariable('first_row') AND incoming.rowid < getvariable('end_row');
