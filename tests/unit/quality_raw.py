"""Raw tables in memory from records as a test writes them, by the code that ingestion uses.

Here: raw tables, deliveries that bring and lose files, and what fails by count alone. Not here: any record.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import duckdb

from pipelines.contract import bundle
from pipelines.contract.tables import Table, fill, structure, tables
from pipelines.ingest import leaves
from pipelines.ingest.load import prepare
from pipelines.quality import gate, record_quality
from pipelines.quality.suite import Suite
from pipelines.warehouse import insert

RECEIVED = datetime(2026, 11, 20, 12, tzinfo=UTC)
HANDED_IN = {
    "record_id": "VARCHAR", "revision_id": "VARCHAR", "stated_revision": "BIGINT", "received_at": "TIMESTAMPTZ",
    "generation": "BIGINT", "record": "VARCHAR", "source": "VARCHAR",
}  # fmt: skip
PLAN = leaves.plan(bundle.load())


def raw_tables() -> duckdb.DuckDBPyConnection:
    """An empty warehouse in memory whose as-of moment is RECEIVED."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    prepare(con, bundle.load())
    con.execute("INSERT INTO raw.as_of VALUES (?, 1)", [RECEIVED])
    return con


@dataclass(frozen=True)
class Delivery:
    """Records that one run accepted from one source."""

    records: Sequence[dict]
    source: str = "records"
    generation: int = 1
    received_at: datetime = RECEIVED


def add(
    con: duckdb.DuckDBPyConnection,
    *records: dict,
    generation: int = 1,
    received_at: datetime = RECEIVED,
    source: str = "records",
) -> list[str]:
    """Load records as accepted revisions; returns their revision ids."""
    return load(con, [Delivery(records, source, generation, received_at)])


def load(con: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]) -> list[str]:
    """The same for several deliveries at once: to plan a load costs 0.2 s, however little it brings."""
    contract = bundle.load()
    records = [record for each in deliveries for record in each.records]
    rows = [_row(record, each) for each in deliveries for record in each.records]
    shape = ", ".join(f"{name} {kind}" for name, kind in HANDED_IN.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE handed_in ({shape})")
    insert(con, "handed_in", HANDED_IN, [dict(zip(HANDED_IN, row, strict=True)) for row in rows])
    place = "source, record_id || '.yml' AS path"
    con.execute(
        "INSERT INTO raw.revisions BY NAME SELECT * EXCLUDE (source), revision_id AS content_hash, "
        f"received_at AS known_at, {place}, 1 AS line FROM handed_in"
    )
    con.execute(
        "INSERT INTO raw.record_events BY NAME SELECT record_id, revision_id, 'revision' AS kind, "
        f"received_at AS known_at, received_at, {place}, generation FROM handed_in"
    )
    con.execute(
        f"INSERT INTO raw.carriage BY NAME SELECT generation, {place}, 1 AS line, record_id, revision_id FROM handed_in"
    )
    con.execute(
        f"INSERT INTO raw.files BY NAME SELECT generation, received_at, {place}, "
        "'read' AS kind, count(*) AS records, 0 AS quarantined FROM handed_in GROUP BY ALL"
    )
    con.execute(
        f"INSERT INTO raw.receipts BY NAME SELECT generation, received_at, {place}, "
        "1 AS line, record_id, revision_id, 'accepted' AS outcome FROM handed_in"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE batch AS SELECT record_id, revision_id, NULL::VARCHAR AS time_zone, "
        f"json_transform(record, '{structure(contract)}') AS r FROM handed_in"
    )
    for table in tables(contract):
        if not _may_fill(table, records):
            continue
        con.execute(fill(table))
    con.execute("UPDATE raw.as_of SET generation = ?", [max(each.generation for each in deliveries)])
    for record, row in zip(records, rows, strict=True):
        found = leaves.walk(copy.deepcopy(record), PLAN)
        con.execute("INSERT INTO raw.presence VALUES (?, ?, ?)", [*row[:2], found.field_ids])
        for state in found.states:
            con.execute("INSERT INTO raw.field_states VALUES (?, ?, ?, ?)", [*row[:2], *state])
    return [row[1] for row in rows]


def _may_fill(table: Table, records: list[dict]) -> bool:
    """Whether a record has rows for it: each fill costs 10 ms to plan, and most records have few sections."""
    if table.domain and not any(record.get("domain") == table.domain for record in records):
        return False
    return not table.steps or any(_reach(record, table.steps[0]) for record in records)


def _reach(record: dict, keys: tuple[str, ...]) -> object:
    """What a record holds under these keys."""
    for key in keys:
        record = (record or {}).get(key)
    return record


def of_one_rule(suite: Suite) -> Suite:
    """For what asks nothing of the rules: to judge by all of them costs 0.25 s, more than to count."""
    first, *others = suite.catalogue.rules
    left_out = {rule.id for rule in others}
    return replace(
        suite,
        catalogue=replace(suite.catalogue, rules=(first,)),
        expectations=tuple(one for one in suite.expectations if one.id not in left_out),
    )


def failing(con: duckdb.DuckDBPyConnection, suite: Suite) -> dict[tuple, str]:
    """What Great Expectations would fail, counted anew: (expectation, source, subject) → severity."""
    record_quality.apply(con, suite.catalogue)
    counted = gate.count(con, suite)
    return {
        (share.expectation, share.source, share.subject): share.severity
        for share in counted
        if share.at_best is not None and share.at_best < share.needed
    }


def declare(con: duckdb.DuckDBPyConnection, *sources: str, least_share_kept: float = 0.5) -> None:
    """Sources as a project's file declares them."""
    for name in sources:
        con.execute("INSERT INTO raw.sources (source, least_share_kept) VALUES (?, ?)", [name, least_share_kept])


def lose(con: duckdb.DuckDBPyConnection, *record_ids: str, generation: int = 2) -> None:
    """A delivery in which the files of these records are gone."""
    con.execute("UPDATE raw.as_of SET generation = ?", [generation])
    con.execute(
        f"INSERT INTO raw.files BY NAME SELECT * REPLACE ({generation} AS generation, 'removed' AS kind, 0 AS records) "
        "FROM raw.files WHERE path IN ?",
        [[f"{record_id}.yml" for record_id in record_ids]],
    )


def _row(record: dict, of: Delivery) -> tuple:
    text = json.dumps(record, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return record["id"], digest, record.get("revision"), of.received_at.isoformat(), of.generation, text, of.source
