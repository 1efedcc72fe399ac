-- What a delivery says of files and records, appended to the raw tables once the records are in (append_content.sql).
-- Variables: generation, received_at, is_full.

-- What a file says is news where it did not say it before: a new content is known from when it was written (trusted)
-- or received, a known one (returned, moved, copied) from its receipt. A line copied within a file says nothing more: one
-- event for the file, else a copied old revision would be the last thing that the file says.
INSERT INTO raw.record_events BY NAME
SELECT c.record_id, c.revision_id, 'revision' AS kind,
  CASE WHEN bool_or(c.is_new_content) THEN any_value(r.known_at) ELSE getvariable('received_at') END AS known_at,
  getvariable('received_at') AS received_at, c.source, c.path, getvariable('generation') AS generation
FROM classified AS c JOIN raw.revisions AS r USING (revision_id)
WHERE c.is_news
GROUP BY c.record_id, c.revision_id, c.source, c.path
ORDER BY ALL;

INSERT INTO raw.record_events BY NAME
SELECT record_id, NULL AS revision_id, 'tombstone' AS kind, getvariable('received_at') AS known_at,
  getvariable('received_at') AS received_at, source, path, getvariable('generation') AS generation
FROM gone ORDER BY ALL;

INSERT INTO raw.carriage BY NAME
SELECT getvariable('generation') AS generation, * FROM carried_now ORDER BY source, path, line, revision_id;

INSERT INTO raw.files BY NAME
SELECT getvariable('generation') AS generation, getvariable('received_at') AS received_at, *
FROM read_now ORDER BY source, path;

INSERT INTO raw.quarantine BY NAME
SELECT getvariable('generation') AS generation, getvariable('received_at') AS received_at, * EXCLUDE (record_n)
FROM faults ORDER BY source, path, line, "column", field, code;

INSERT INTO raw.unmapped_words BY NAME
SELECT getvariable('generation') AS generation, * FROM unmapped ORDER BY ALL;

-- A record with several faults is one record set aside.
INSERT INTO raw.receipts BY NAME
SELECT getvariable('generation') AS generation, getvariable('received_at') AS received_at, *
FROM (
  SELECT source, path, line, record_id, revision_id, outcome FROM classified
  UNION ALL
  -- told apart by number: two records without an id can share a line
  SELECT source, path, line, record_id, NULL AS revision_id, 'quarantined' AS outcome
  FROM (SELECT DISTINCT source, path, record_n, record_line AS line, record_id FROM faults)
)
ORDER BY source, path, line, revision_id;

DELETE FROM raw.due_records;
INSERT INTO raw.due_records
SELECT DISTINCT record_id FROM raw.record_events
WHERE generation = getvariable('generation') OR getvariable('is_full') ORDER BY record_id;
