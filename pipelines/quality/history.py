"""What the gate found: this run's verdicts in full, and one line per run, expectation and source for trends.

quality.results is replaced by every run. quality.history, quality.completeness_history and quality.row_history grow
with the warehouse, which starts as a copy of the last generation, and look back `history.runs` runs. All speak of runs
and not of records, so that content hashes leave them out (publish/content.py). Here: the tables. Not here: judging.
"""

from __future__ import annotations

from dataclasses import asdict

import duckdb

from pipelines.quality.verdicts import Verdict
from pipelines.warehouse import insert

RESULTS = {
    "expectation": "VARCHAR", "concern": "VARCHAR", "source": "VARCHAR", "subject": "VARCHAR", "severity": "VARCHAR",
    "success": "BOOLEAN", "evaluated": "BIGINT", "failed": "BIGINT", "needed": "DOUBLE", "share": "DOUBLE",
    "exception": "VARCHAR", "record_ids": "VARCHAR[]",
}  # fmt: skip
SHAPES = """
CREATE SCHEMA IF NOT EXISTS quality;
CREATE TABLE IF NOT EXISTS quality.history (
  generation BIGINT, as_of TIMESTAMPTZ, expectation VARCHAR, source VARCHAR, subject VARCHAR, severity VARCHAR,
  success BOOLEAN, evaluated BIGINT, failed BIGINT, needed DOUBLE, share DOUBLE);
CREATE TABLE IF NOT EXISTS quality.completeness_history (
  generation BIGINT, as_of TIMESTAMPTZ, source VARCHAR, section VARCHAR, records BIGINT, asked BIGINT, answered BIGINT,
  stated BIGINT, missing BIGINT);
CREATE TABLE IF NOT EXISTS quality.row_history (
  generation BIGINT, as_of TIMESTAMPTZ, schema_name VARCHAR, table_name VARCHAR, n BIGINT);
"""
# Of an expectation on many subjects (columns, fields, sections) the worst: a line per subject would be hundreds a run.
LINES = """
DELETE FROM quality.history WHERE generation = (SELECT generation FROM raw.as_of);
INSERT INTO quality.history BY NAME
SELECT DISTINCT ON (expectation, source) generation, now.as_of, expectation, source, subject, severity, success,
  evaluated, failed, needed, share
FROM quality.results CROSS JOIN raw.as_of AS now
ORDER BY expectation, source, success NULLS LAST, share - needed NULLS LAST, subject;
"""
ANSWERS = """
DELETE FROM quality.completeness_history WHERE generation = (SELECT generation FROM raw.as_of);
INSERT INTO quality.completeness_history BY NAME
SELECT generation, as_of, source, section, count(*) AS records, sum(asked)::BIGINT AS asked,
  sum(answered)::BIGINT AS answered,
  sum(stated_unknown + stated_not_applicable + stated_withheld)::BIGINT AS stated, sum(missing)::BIGINT AS missing
FROM intermediate.int_section_answers JOIN intermediate.int_current_records USING (record_id) CROSS JOIN raw.as_of
GROUP BY ALL ORDER BY source, section;
"""
ROWS = """
DELETE FROM quality.row_history WHERE generation = (SELECT generation FROM raw.as_of);
INSERT INTO quality.row_history BY NAME
SELECT generation, as_of, schema_name, table_name, estimated_size AS n
FROM duckdb_tables() CROSS JOIN raw.as_of WHERE schema_name IN ('raw', 'marts') ORDER BY schema_name, table_name;
"""
FORGET = "DELETE FROM quality.{table} WHERE generation <= (SELECT generation - {runs} FROM raw.as_of)"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are not there yet: the gate looks back into them before it writes."""
    con.execute(SHAPES)


def store(con: duckdb.DuckDBPyConnection, found: list[Verdict]) -> None:
    """quality.results: the verdicts of this build, nothing of earlier ones; and their lines, and counts, for trends."""
    shape = ", ".join(f"{name} {kind}" for name, kind in RESULTS.items())
    con.execute(f"CREATE OR REPLACE TABLE quality.results ({shape}, as_of TIMESTAMPTZ)")
    rows = [{name: value for name, value in asdict(verdict).items() if name in RESULTS} for verdict in found]
    insert(con, "quality.results", RESULTS, rows)
    con.execute("UPDATE quality.results SET as_of = (SELECT as_of FROM raw.as_of)")
    con.execute(LINES)
    con.execute(ROWS)


def note_completeness(con: duckdb.DuckDBPyConnection) -> None:
    """What the records known now are asked and answer, by source and section; the models have been built."""
    con.execute(ANSWERS)


def forget(con: duckdb.DuckDBPyConnection, runs: int) -> None:
    """Keep the last runs: every published generation holds the whole history once more."""
    for table in ("history", "completeness_history", "row_history"):
        con.execute(FORGET.format(table=table, runs=runs))
