"""Revisions that a warehouse holds in the shape of an older contract, brought into today's: once, after an upgrade.

Here: which they are, and their records, sections, presence and states made anew from what was kept of them. Not here:
the conversion (older.py), records as they come in (admit.py). A revision stays the one it was: its id, its hash and
when it was known do not change, so that the past can still be asked for. The attempt is a full one, because the code
has changed: verdicts and models follow.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import msgspec

from pipelines.contract import versions
from pipelines.contract.tables import Table, fill, structure
from pipelines.ingest.older import Older
from pipelines.warehouse import literal

SLICE = 25_000  # revisions at once, as in load.py
COLUMNS = {
    "record_id": "VARCHAR",
    "revision_id": "VARCHAR",
    "time_zone": "VARCHAR",
    "record": "JSON",
    "field_ids": "UINTEGER[]",
    "field_states": "STRUCT(field VARCHAR, state VARCHAR)[]",
}


def lift(con: duckdb.DuckDBPyConnection, bundle: dict, sections: list[Table], scratch: Path) -> int:
    """Bring every revision of an older version up to date; how many there were. Looking takes a millisecond."""
    held = {name for (name,) in con.execute("SELECT DISTINCT schema_version FROM raw.records").fetchall()}
    lifted = 0
    for name in versions.names():
        if name in held:
            older = Older(versions.older(bundle, name))
            while taken := _slice(con, older, scratch):
                _put_back(con, bundle, sections, scratch, name)
                lifted += taken
    return lifted


def _slice(con: duckdb.DuckDBPyConnection, older: Older, scratch: Path) -> int:
    """Some of the revisions of one version, converted, as NDJSON on disk."""
    rows = con.execute(
        f"""WITH old AS (
              SELECT revision_id FROM raw.records WHERE schema_version = {literal(older.version.name)} LIMIT {SLICE}
            ),
            states AS (
              SELECT revision_id, list({{field: field, state: state}} ORDER BY field, state) AS field_states
              FROM raw.field_states SEMI JOIN old USING (revision_id) GROUP BY revision_id
            )
            SELECT record_id, revision_id, time_zone, record, field_ids, coalesce(field_states, [])
            FROM raw.revisions SEMI JOIN old USING (revision_id) JOIN raw.presence USING (record_id, revision_id)
              LEFT JOIN states USING (revision_id)"""
    ).fetchall()
    scratch.parent.mkdir(parents=True, exist_ok=True)
    with scratch.open("wb", buffering=1 << 20) as out:
        for record_id, revision_id, time_zone, written, field_ids, states in rows:
            record = msgspec.json.decode(written)
            field_ids, states = older.convert(record, field_ids, states)
            values = (record_id, revision_id, time_zone, record, field_ids, states)
            out.write(msgspec.json.encode(dict(zip(COLUMNS, values, strict=True)), order="sorted") + b"\n")
    return len(rows)


def _put_back(con: duckdb.DuckDBPyConnection, bundle: dict, sections: list[Table], scratch: Path, name: str) -> None:
    shape = ", ".join(f"'{column}': '{kind}'" for column, kind in COLUMNS.items())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE lifted AS FROM read_json({literal(str(scratch))}, format='newline_delimited', "
        f"columns={{{shape}}}, maximum_object_size=33554432); BEGIN"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE batch AS SELECT record_id, revision_id, time_zone, "
        f"json_transform(record, '{structure(bundle)}') AS r FROM lifted"
    )
    for table in (*(table.name for table in sections), "presence", "field_states"):
        con.execute(f"DELETE FROM raw.{table} WHERE revision_id IN (SELECT revision_id FROM lifted)")
    for table in sections:
        con.execute(fill(table))
    con.execute("INSERT INTO raw.presence BY NAME SELECT record_id, revision_id, field_ids FROM lifted")
    con.execute(
        "INSERT INTO raw.field_states BY NAME "
        "SELECT record_id, revision_id, unnest(field_states, recursive := true) FROM lifted WHERE len(field_states) > 0"
    )
    con.execute(
        f"UPDATE raw.revisions SET record = lifted.record, schema_version = {literal(name)} FROM lifted "
        "WHERE revisions.revision_id = lifted.revision_id; COMMIT"
    )
