-- What statements of schemas/expectations.yml may read beside raw.* and quality.*. Temporary, so that no published file
-- holds them. `section_rows` (section, revision_id: every row of every raw table that holds a part of a record) is made by
-- gate.py, because its tables come from the contract.

-- The last reading of every file, and the last one before this delivery; the same one where it was not read now.
CREATE OR REPLACE TEMP TABLE readings AS
SELECT source, path, max(generation) AS now,
  max(generation) FILTER (generation < (SELECT generation FROM raw.as_of)) AS before
FROM raw.files GROUP BY ALL;

-- Which source's files hold which revision now, and held it before. Not "as known on T", which int_known_revisions alone
-- says and which is not built yet when the gate is at work.
CREATE OR REPLACE TEMP TABLE held AS
SELECT source, record_id, revision_id, bool_or(c.generation = now) AS is_now,
  coalesce(bool_or(c.generation = before), false) AS is_before
FROM readings JOIN raw.carriage AS c USING (source, path)
GROUP BY ALL HAVING is_now OR is_before;

CREATE OR REPLACE TEMP TABLE held_now AS
SELECT h.source, h.record_id, revision_id, v.generation, coalesce(r.stage, '') AS stage,
  coalesce(r.provenance, '') AS provenance
FROM held AS h LEFT JOIN raw.revisions AS v USING (revision_id) LEFT JOIN raw.records AS r USING (revision_id)
WHERE is_now;

-- Revisions of records that a source held before and holds now with other content: the old ones and the new ones.
CREATE OR REPLACE TEMP TABLE reread AS
WITH changed AS (SELECT source, record_id, revision_id, is_now FROM held WHERE is_now <> is_before)
SELECT * FROM changed SEMI JOIN (
  SELECT source, record_id FROM changed GROUP BY ALL HAVING bool_or(is_now) AND NOT bool_and(is_now)
) USING (source, record_id);

-- The words all of a source's records agree on: a threshold may be for such sources.
CREATE OR REPLACE TEMP TABLE traits AS
SELECT source, CASE WHEN min(stage) = max(stage) THEN min(stage) END AS stage,
  CASE WHEN min(provenance) = max(provenance) THEN min(provenance) END AS provenance
FROM held_now GROUP BY source;
