"""One delivery into the raw tables: a few SQL statements over NDJSON files, never a loop over rows.

Here: the order of the statements and the appends. Not here: what an outcome means (classify.sql), how a field is typed
(contract/tables.py with raw_macros.sql), what is known when (the dbt model int_known_revisions).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.contract.asked import Asked, required_at
from pipelines.contract.tables import Table, ddl, described_columns, fill, structure, tables
from pipelines.contract.words import COLUMNS as WORDS
from pipelines.contract.words import words
from pipelines.ingest import leaves
from pipelines.ingest.deliver import COLUMNS, Delivery
from pipelines.publish.generations import Attempt
from pipelines.settings import Source
from pipelines.warehouse import insert, literal

HERE = Path(__file__).parent
SLICE = 25_000  # records taken apart at once: 200 MB of them; planning the sections again costs 0.3 s a slice
FIELD_ID = "('0x' || sha256(field)[:8])::UINTEGER"  # as leaves.number
SOURCES = {
    "source": "VARCHAR",
    "reader": "VARCHAR",
    "time_zone": "VARCHAR",
    "is_trusted": "BOOLEAN",
    "least_share_kept": "DOUBLE",
}


def prepare(con: duckdb.DuckDBPyConnection, bundle: dict) -> list[Table]:
    """Create what is missing: system tables, section tables, columns a grown contract asks for, macros."""
    _move_presence(con)
    con.execute((HERE / "raw_tables.sql").read_text())
    con.execute((HERE / "raw_macros.sql").read_text())
    known = set(
        con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'raw'").fetchall()
    )
    sections = tables(bundle)
    for table in sections:
        if not any(name == table.name for name, _ in known):
            con.execute(ddl(table))
            continue
        for name, kind, _ in described_columns(table):
            if (table.name, name) not in known:
                con.execute(f'ALTER TABLE raw.{table.name} ADD COLUMN "{name}" {kind}')
    _asked(con, bundle)
    _fields(con, bundle)
    return sections


def _move_presence(con: duckdb.DuckDBPyConnection) -> None:
    """A warehouse of before 2026-11-25 holds a row for each field; its history goes on in the new form."""
    if not con.execute("FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name = 'field_values'").fetchone():
        return
    con.execute(
        f"CREATE TABLE raw.fields AS SELECT DISTINCT {FIELD_ID} AS field_id, field FROM raw.field_values;"
        f"CREATE TABLE raw.presence AS SELECT record_id, revision_id, list_sort(list({FIELD_ID})) AS field_ids "
        "FROM raw.field_values GROUP BY ALL; DROP TABLE raw.field_values"
    )


def _fields(con: duckdb.DuckDBPyConnection, schema: dict) -> None:
    """raw.fields: the number of every field of this contract beside those of earlier ones."""
    listed = ", ".join(literal(path) for path in leaves.plan(schema).names.values())
    con.execute(
        f"INSERT INTO raw.fields SELECT {FIELD_ID}, field FROM (SELECT unnest([{listed}]) AS field) "
        "WHERE field NOT IN (SELECT field FROM raw.fields) ORDER BY field"
    )


def _asked(con: duckdb.DuckDBPyConnection, bundle: dict) -> None:
    """raw.contract_fields: which field the contract asks for at which stage, and of whom; raw.words: every word."""
    asked = [one._asdict() for one in required_at(bundle)]
    for table, columns, rows in (
        ("raw.contract_fields", dict.fromkeys(Asked._fields, "VARCHAR"), asked),
        ("raw.words", WORDS, words(bundle)),
    ):
        shape = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        con.execute(f"CREATE OR REPLACE TABLE {table} ({shape})")
        insert(con, table, columns, rows)


def declare(con: duckdb.DuckDBPyConnection, sources: tuple[Source, ...]) -> None:
    """raw.sources: what the project's file declares, as of this run."""
    con.execute("DELETE FROM raw.sources")
    insert(con, "raw.sources", SOURCES, [
        {"source": source.name, "reader": source.reader, "time_zone": source.time_zone,
         "is_trusted": source.trusted_times, "least_share_kept": source.least_share_kept}
        for source in sources
    ])  # fmt: skip


def load(
    con: duckdb.DuckDBPyConnection, bundle: dict, sections: list[Table], delivery: Delivery, attempt: Attempt
) -> None:
    """Append one delivery and set the as-of moment; the caller has called `prepare`.

    In one transaction for each slice: an attempt that fails is thrown away whole, and what one transaction has written
    stays in memory until it ends (a million records held 10 GB).
    """
    for name, columns in COLUMNS.items():
        shape = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
        path = literal(str(delivery.files[name]))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS FROM read_json({path}, format='newline_delimited', "
            f"columns={{{shape}}}, maximum_object_size=33554432)"
        )
    con.execute((HERE / "classify.sql").read_text())
    con.execute(f"SET VARIABLE generation = {attempt.generation}::BIGINT")
    con.execute(f"SET VARIABLE received_at = {literal(attempt.received_at)}")
    con.execute(f"SET VARIABLE is_full = {literal(attempt.is_full)}")
    (rows,) = con.execute("SELECT count(*) FROM incoming").fetchone()
    for first in range(0, rows, SLICE):
        con.execute(f"SET VARIABLE first_row = {first}; SET VARIABLE end_row = {first + SLICE}; BEGIN")
        con.execute((HERE / "append_content.sql").read_text())
        _fill_sections(con, bundle, sections)
        con.execute("COMMIT")
    con.execute("BEGIN")
    con.execute((HERE / "append.sql").read_text())
    con.execute("DELETE FROM raw.as_of")
    con.execute(f"INSERT INTO raw.as_of VALUES ({literal(attempt.received_at)}, {attempt.generation})")
    con.execute("COMMIT")


def _fill_sections(con: duckdb.DuckDBPyConnection, bundle: dict, sections: list[Table]) -> None:
    # materialised once: every section reads the same parsed records instead of parsing the JSON again
    con.execute(
        "CREATE OR REPLACE TEMP TABLE batch AS SELECT record_id, revision_id, time_zone, "
        f"json_transform(record, '{structure(bundle)}') AS r FROM new_content"
    )
    present = _present(con, sections)
    for table in sections:
        if not table.steps or table.steps[0] in present:
            con.execute(fill(table))


def _present(con: duckdb.DuckDBPyConnection, sections: list[Table]) -> set[tuple[str, ...]]:
    """The lists that hold anything in this batch: most records fill few sections, and each fill costs 10 ms to plan."""
    lists = sorted({table.steps[0] for table in sections if table.steps})
    tests = ", ".join(
        "coalesce(bool_or(len(r" + "".join(f'."{key}"' for key in keys) + ") > 0), false)" for keys in lists
    )
    found = con.execute(f"SELECT {tests} FROM batch").fetchone()
    return {keys for keys, is_there in zip(lists, found, strict=True) if is_there}
