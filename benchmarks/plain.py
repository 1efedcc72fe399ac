"""Plain DuckDB doing the same reads and aggregates: lines → raw tables → rules → marts. The baseline.

    python -m benchmarks.plain WAREHOUSE MODELS FILE …      MODELS: written by compiled.py

In it: the lines parsed once, the section tables by the contract's own SQL, revisions, events, presence of fields, the
rules' SQL over what is new, the SQL of every model as dbt compiled it, a checkpoint. Not in it: validation, duplicates
and conflicts, quarantine, pseudonyms, record store, receipts as files; Great Expectations, data tests, contracts,
comments; Parquet, hashes, publication, the page; Dagster and dbt. Given a warehouse that is there, it appends the
lines and builds every mart anew. It prints the seconds of each part.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks import presence
from pipelines import clock, warehouse
from pipelines.contract import bundle
from pipelines.contract.tables import fill, structure, tables
from pipelines.ingest import load
from pipelines.quality import record_quality, rules
from pipelines.warehouse import literal

LINES = """
CREATE OR REPLACE TEMP TABLE lines AS
SELECT json AS record, sha256(json::VARCHAR) AS content_hash, row_number() OVER (PARTITION BY filename) AS line,
  parse_filename(filename) AS path
FROM read_json_objects({files}, format = 'newline_delimited', filename = true, ignore_errors = true);

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT record ->> 'id' AS record_id, content_hash[:32] AS revision_id, content_hash,
  (record ->> 'revision')::BIGINT AS stated_revision, instant_utc(record ->> 'recorded_at', 'UTC') AS recorded_at,
  {now} AS received_at, 'organisation' AS source, path, line, {generation} AS generation, 'UTC' AS time_zone,
  false AS is_conflicted, record, least(coalesce(recorded_at, received_at), received_at) AS known_at
FROM lines WHERE record ->> 'id' IS NOT NULL;

INSERT INTO raw.revisions BY NAME FROM fresh;
INSERT INTO raw.record_events BY NAME
SELECT record_id, revision_id, 'revision' AS kind, known_at, received_at, source, path, generation FROM fresh;
INSERT INTO raw.receipts BY NAME
SELECT generation, received_at, source, path, line, record_id, revision_id, 'accepted' AS outcome FROM fresh;
INSERT INTO raw.files BY NAME
SELECT generation, received_at, source, path, 'read' AS kind, count(*) AS records, 0 AS quarantined
FROM fresh GROUP BY ALL;
DELETE FROM raw.as_of;
INSERT INTO raw.as_of VALUES ({now}, {generation});
CREATE OR REPLACE TABLE raw.due_records AS SELECT DISTINCT record_id FROM raw.record_events;
"""


def sections(con: duckdb.DuckDBPyConnection, schema: dict, files: list[str]) -> None:
    """The lines as the raw tables of the contract."""
    listed = "[" + ", ".join(map(literal, files)) + "]"
    (last,) = con.execute("SELECT coalesce(max(generation), 0) FROM raw.files").fetchone()
    con.execute(LINES.format(files=listed, now=literal(clock.now()), generation=last + 1))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE batch AS SELECT record_id, revision_id, 'UTC' AS time_zone, "
        f"json_transform(record, '{structure(schema)}') AS r FROM fresh"
    )
    for table in tables(schema):
        con.execute(fill(table))


def marts(con: duckdb.DuckDBPyConnection, models: list[dict]) -> None:
    """Every view and table of dbt, from its compiled SQL."""
    con.execute("BEGIN")
    for schema in {model["schema"] for model in models}:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for model in models:
        con.execute(f"CREATE OR REPLACE {model['kind']} {model['relation']} AS {model['sql']}")
    con.execute("COMMIT")


def main(target: str, compiled: str, *files: str) -> dict:
    """All parts in their order; the seconds of each, and the rows of each mart."""
    schema, models, parts = bundle.load(), json.loads(Path(compiled).read_text()), {}
    with warehouse.connect(Path(target)) as con:

        def part(name: str, work: Callable[[], object]) -> None:
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            parts[name] = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}

        part("tables made", lambda: load.prepare(con, schema))
        con.execute("BEGIN")
        part("lines to section tables", lambda: sections(con, schema, list(files)))
        part("presence of fields", lambda: con.execute(presence.statements(tables(schema))))
        con.execute("COMMIT")  # rules take slices by rowid, and rows not committed have none that begin at 0
        part("rules", lambda: record_quality.apply(con, rules.load(), only_new=True))
        # a connection of their own, as dbt has: no temporary table of the rules hides a CTE of the same name
        part("marts", lambda: marts(con.cursor(), models))
        part("checkpoint", lambda: con.execute("CHECKPOINT"))
        counts = "SELECT table_name, estimated_size FROM duckdb_tables() WHERE schema_name = 'marts'"
        rows = dict(con.execute(counts).fetchall())
    return {"parts": parts, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
