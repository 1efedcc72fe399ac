-- The tables of ingestion itself. Section tables are not here: they come from the contract (contract/tables.py).
-- Append-only, but for raw.as_of, raw.sources, raw.fault_line_names, raw.exposures and raw.due_records, which say how it is now
-- (and raw.contract_fields and raw.words, which load.py makes anew from the contract); what is known at a moment is decided in
-- one dbt model from the events.
CREATE SCHEMA IF NOT EXISTS raw;

-- One row per file per reading: what was on disk and what became of it; `skipped` documents or rows are no post-mortems.
CREATE TABLE IF NOT EXISTS raw.files (
  generation BIGINT, received_at TIMESTAMPTZ, source VARCHAR, path VARCHAR, sha256 VARCHAR, recipe VARCHAR,
  bytes BIGINT, kind VARCHAR, records INTEGER, quarantined INTEGER, skipped INTEGER);
ALTER TABLE raw.files ADD COLUMN IF NOT EXISTS skipped INTEGER;

-- One row per record per reading of its file: which file holds which revision.
CREATE TABLE IF NOT EXISTS raw.carriage (
  generation BIGINT, source VARCHAR, path VARCHAR, line INTEGER, record_id VARCHAR, revision_id VARCHAR);

-- One row per distinct content of a record: `record` as one of today's contract, `schema_version` what it was written for.
CREATE TABLE IF NOT EXISTS raw.revisions (
  record_id VARCHAR NOT NULL, revision_id VARCHAR NOT NULL, content_hash VARCHAR, stated_revision BIGINT,
  recorded_at TIMESTAMPTZ, received_at TIMESTAMPTZ, known_at TIMESTAMPTZ, source VARCHAR, path VARCHAR, line INTEGER,
  file_sha256 VARCHAR, generation BIGINT, time_zone VARCHAR, is_conflicted BOOLEAN, record JSON, schema_version VARCHAR);
ALTER TABLE raw.revisions ADD COLUMN IF NOT EXISTS schema_version VARCHAR;

-- One row per change of what a file says of a record: it holds a revision, or (tombstone) it holds the record no more.
CREATE TABLE IF NOT EXISTS raw.record_events (
  record_id VARCHAR NOT NULL, revision_id VARCHAR, kind VARCHAR, known_at TIMESTAMPTZ, received_at TIMESTAMPTZ,
  source VARCHAR, path VARCHAR, generation BIGINT);

-- One row per record handed in by a file that was read: what became of it. The receipts folder holds the same, fsynced.
CREATE TABLE IF NOT EXISTS raw.receipts (
  generation BIGINT, received_at TIMESTAMPTZ, source VARCHAR, path VARCHAR, line INTEGER, record_id VARCHAR,
  revision_id VARCHAR, outcome VARCHAR);

-- One row per thing wrong with a record or file that was set aside.
CREATE TABLE IF NOT EXISTS raw.quarantine (
  generation BIGINT, received_at TIMESTAMPTZ, source VARCHAR, path VARCHAR, line INTEGER, "column" INTEGER,
  field VARCHAR, code VARCHAR, message VARCHAR, fix VARCHAR, record_id VARCHAR, record_line INTEGER, file_sha256 VARCHAR);

-- One row per word of a source for which its lists know no word of ours, per reading of its file. It is in no record.
CREATE TABLE IF NOT EXISTS raw.unmapped_words (
  generation BIGINT, source VARCHAR, path VARCHAR, record_id VARCHAR, field VARCHAR, word VARCHAR);

-- One row per field that says why it has no value: unknown, not_applicable or withheld; or that its value is not what its
-- author wrote but what a conversion filled in: converted.
CREATE TABLE IF NOT EXISTS raw.field_states (record_id VARCHAR, revision_id VARCHAR, field VARCHAR, state VARCHAR);

-- One row per field that any contract so far has had; its number is the first eight hex digits of its sha256.
CREATE TABLE IF NOT EXISTS raw.fields (field_id UINTEGER, field VARCHAR);

-- One row per revision: the fields that hold a value. A list that is there is a value of its own path. Numbers in one
-- row, because names, and a row for each, took a third of the load of 160,000 revisions (2026-11-25).
CREATE TABLE IF NOT EXISTS raw.presence (record_id VARCHAR, revision_id VARCHAR, field_ids UINTEGER[]);

-- One row per declared source, as declared now. least_share_kept: publication is refused when fewer of its records are left.
CREATE TABLE IF NOT EXISTS raw.sources (
  source VARCHAR, reader VARCHAR, time_zone VARCHAR, is_trusted BOOLEAN, least_share_kept DOUBLE);

-- The same by name, one row per revision and field.
CREATE VIEW IF NOT EXISTS raw.field_values AS
SELECT record_id, revision_id, field
FROM (SELECT record_id, revision_id, unnest(field_ids) AS field_id FROM raw.presence) JOIN raw.fields USING (field_id);

-- One row: the moment the warehouse speaks of, and the generation its last delivery belongs to (it may hold no file).
CREATE TABLE IF NOT EXISTS raw.as_of (as_of TIMESTAMPTZ, generation BIGINT);

-- One row per record whose verdicts and rows in the models this run makes anew: those of which a file said something new,
-- those whose findings turned (quality/record_quality.py adds them), or every record in a full build.
CREATE TABLE IF NOT EXISTS raw.due_records (record_id VARCHAR);

-- One row per fault line that people have named, as their file says now.
CREATE TABLE IF NOT EXISTS raw.fault_line_names (line_id VARCHAR, name VARCHAR, owner_team VARCHAR, note VARCHAR);

-- One row per series and week from which on it has an exposure, as the file of exposures says now.
CREATE TABLE IF NOT EXISTS raw.exposures (kind VARCHAR, series VARCHAR, from_on DATE, exposure DOUBLE);
