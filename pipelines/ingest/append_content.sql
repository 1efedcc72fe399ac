-- The records of a slice of the delivery that no revision holds yet (the view new_content), appended to the raw tables.
-- Variables: generation, received_at; first_row and end_row bound the slice.

INSERT INTO raw.revisions BY NAME
SELECT record_id, revision_id, content_hash, stated_revision, instant_utc(recorded_at, time_zone) AS recorded_at,
  getvariable('received_at') AS received_at, source, path, line, file_sha256, getvariable('generation') AS generation,
  time_zone, outcome = 'conflicted' AS is_conflicted, record, schema_version,
  CASE WHEN is_trusted THEN least(coalesce(instant_utc(recorded_at, time_zone), getvariable('received_at')),
                                  getvariable('received_at'))
       ELSE getvariable('received_at') END AS known_at
FROM new_content;

INSERT INTO raw.field_states BY NAME
SELECT record_id, revision_id, unnest(field_states, recursive := true) FROM new_content WHERE len(field_states) > 0;

INSERT INTO raw.presence BY NAME
SELECT record_id, revision_id, field_ids FROM new_content;
