"""The last step of an attempt: Parquet beside the warehouse, checkpoint, close, manifest, swap.

Here: what is written when everything has passed. Not here: whether it has passed (Dagster's blocking checks).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.ingest.find import code_version
from pipelines.publish import generations, parquet
from pipelines.publish.generations import Attempt
from pipelines.settings import Settings
from pipelines.warehouse import connect, literal

PUBLISHED_SCHEMAS = ("marts", "analysis", "quality")


def publish_attempt(settings: Settings, attempt: Attempt) -> tuple[Path, dict[str, int]]:
    """Publish the attempt in hand; returns the generation's folder and the row count of each published table."""
    code = code_version()
    with connect(settings.warehouse) as con:
        last = generations.folder(settings.state, attempt.generation - 1) / "parquet"
        rows = _export(con, settings.work / "parquet", last)
        facts = {"as_of": _as_of(con), "snapshot": snapshot(con, code), "rows": rows, "code_version": code}
        con.execute("CHECKPOINT")
    return generations.publish(settings, attempt, facts), rows


def snapshot(con: duckdb.DuckDBPyConnection, code: str) -> str:
    """One hash over the code and what is known (record, content hash), sorted; a page carries the same one."""
    return con.execute(
        f"SELECT sha256(concat_ws(chr(10), {literal(code)}, "
        "sha256(coalesce(string_agg(line, chr(10) ORDER BY line), '')))) "
        "FROM (SELECT record_id || chr(9) || content_hash AS line FROM intermediate.int_current_records "
        "JOIN raw.revisions USING (record_id, revision_id))"
    ).fetchone()[0]


def _as_of(con: duckdb.DuckDBPyConnection) -> str:
    return con.execute("SELECT as_of FROM raw.as_of").fetchone()[0].isoformat()


def _export(con: duckdb.DuckDBPyConnection, folder: Path, last: Path) -> dict[str, int]:
    folder.mkdir()
    tables = con.execute(
        "SELECT concat_ws('.', schema_name, table_name) FROM duckdb_tables() "  # no view: its rows follow from tables
        f"WHERE schema_name IN {PUBLISHED_SCHEMAS} AND NOT temporary ORDER BY ALL"
    ).fetchall()
    return {table: parquet.write(con, table, folder / table, last / table) for (table,) in tables}
