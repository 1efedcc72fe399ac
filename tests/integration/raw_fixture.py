"""A small warehouse of hand-written raw rows, enough to run dbt without ingestion.

Here: empty tables as the contract makes them, and `add`, which writes a row by the columns a test names. Not here: any
expectation, and no list of fields.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.contract.bundle import load as load_bundle
from pipelines.ingest.load import prepare
from pipelines.quality import record_quality, rules


def create(path: Path) -> duckdb.DuckDBPyConnection:
    """An empty warehouse with every table dbt reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(path))
    con.execute("SET TimeZone = 'UTC'")
    prepare(con, load_bundle())
    record_quality.apply(con, rules.load())
    return con


def add(con: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    """One row of `table`; columns not named are NULL."""
    names = ", ".join(f'"{name}"' for name in values)
    con.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def know(
    con: duckdb.DuckDBPyConnection,
    record_id: str,
    known_at: str,
    revision: int = 1,
    path: str | None = None,
    **fields: object,
) -> None:
    """A revision first met at `known_at`: its row in raw.revisions, its event and its row of raw.records."""
    key = {"record_id": record_id, "revision_id": f"{record_id}-{revision}"}
    event = {
        "known_at": at(known_at), "received_at": at(known_at), "generation": revision,
        "source": "records", "path": path or f"{record_id}.yml",
    }  # fmt: skip
    add(con, "raw.record_events", **key, kind="revision", **event)
    add(con, "raw.revisions", **key, line=1, recorded_at=at(known_at), stated_revision=revision, **event)
    add(con, "raw.records", **key, **({"title": record_id, "stage": "draft"} | fields))
