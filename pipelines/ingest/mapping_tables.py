"""What a mapping's SQL sees: documents, blocks, one table for each lookup, and the macros of macros/.

Here: making and filling those tables in an in-memory DuckDB. Not here: running the mapping (mapping.py).
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MACROS = Path(__file__).parent / "macros"
ORDER_OF_MACROS = ("sections", "durations", "times", "timeline")
# Types are declared, never inferred: a source whose every title is a number still has titles.
DOCUMENT = {"path": "VARCHAR", "file_name": "VARCHAR", "title": "VARCHAR", "front": "JSON", "text": "VARCHAR"}
BLOCK = {
    "path": "VARCHAR", "n": "INTEGER", "kind": "VARCHAR", "level": "INTEGER", "section": "VARCHAR",
    "trail": "VARCHAR[]", "item": "INTEGER", "text": "VARCHAR", "cells": "VARCHAR[]",
    "is_header": "BOOLEAN", "line": "INTEGER",
}  # fmt: skip
ROWS_AT_ONCE = 2000


class MappingError(Exception):
    """A mapping or a lookup that cannot be used at all: whoever runs this mends it, not who writes post-mortems."""


def install(connection: DuckDBPyConnection) -> None:
    """The tables a mapping sees, empty, and every macro. Macros read `_blocks`; sections.sql says why."""
    connection.execute(f"CREATE TABLE _documents ({_declared(DOCUMENT)})")
    connection.execute(f"CREATE TABLE _all_blocks ({_declared(BLOCK, '_')}, _keys VARCHAR[])")
    connection.execute("CREATE TABLE _chosen (path VARCHAR)")
    connection.execute("CREATE VIEW documents AS FROM _documents WHERE path IN (FROM _chosen)")
    connection.execute("CREATE VIEW _blocks AS FROM _all_blocks WHERE _path IN (FROM _chosen)")
    columns = ", ".join(f'"_{name}" AS "{name}"' for name in BLOCK)
    connection.execute(f"CREATE VIEW blocks AS SELECT {columns} FROM _blocks")
    for topic in ORDER_OF_MACROS:
        connection.execute((MACROS / f"{topic}.sql").read_text(encoding="utf-8"))


def fill(connection: DuckDBPyConnection, documents: list[dict], blocks: list[dict]) -> None:
    """Documents and blocks into the tables; which of them a query sees is chosen apart."""
    _insert(connection, "_documents", "row.*", DOCUMENT, documents)
    _insert(connection, "_all_blocks", "row.*, list_transform(row.trail, lambda h: heading_key(h))", BLOCK, blocks)


def choose(connection: DuckDBPyConnection, paths: list[str]) -> None:
    connection.execute("DELETE FROM _chosen")
    connection.execute("INSERT INTO _chosen SELECT unnest($1::VARCHAR[])", [paths])


def _declared(columns: dict[str, str], prefix: str = "") -> str:
    return ", ".join(f'"{prefix}{name}" {kind}' for name, kind in columns.items())


def _insert(connection: DuckDBPyConnection, table: str, select: str, columns: dict[str, str], rows: list[dict]) -> None:
    """Rows go in as JSON text with declared types: no frame library is loaded for it, and nothing is inferred."""
    shape = json.dumps({name: ["VARCHAR"] if kind.endswith("[]") else kind for name, kind in columns.items()})
    for start in range(0, len(rows), ROWS_AT_ONCE):
        batch = json.dumps([{name: row[name] for name in columns} for row in rows[start : start + ROWS_AT_ONCE]])
        connection.execute(
            f"INSERT INTO {table} SELECT {select} FROM (SELECT unnest(from_json_strict($1, $2)) AS row)",
            [batch, f"[{shape}]"],
        )


def load_lookup(connection: DuckDBPyConnection, name: str, path: Path) -> None:
    """A CSV as a table of texts; an empty cell is NULL. Its first line names the columns."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in ("documents", "blocks"):
        raise MappingError(f"{path}: a lookup is a table named after its file: lower case, digits and _, not {name!r}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            rows = [dict(zip(header, _cells(path, reader.line_num, header, row), strict=True)) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MappingError(f"{path}: cannot be read as CSV: {error}") from error
    if not header or len(set(header)) < len(header) or not all(re.fullmatch(r"\w+", column) for column in header):
        raise MappingError(f"{path}:1: the first line names the columns, each once, in letters, digits and _")
    columns = dict.fromkeys(header, "VARCHAR")
    connection.execute(f"CREATE TABLE {name} ({_declared(columns)})")
    _insert(connection, name, "row.*", columns, rows)


def _cells(path: Path, line: int, header: list[str], row: list[str]) -> list[str | None]:
    if len(row) != len(header):
        raise MappingError(
            f"{path}:{line}: {len(row)} cells under {len(header)} columns; quote a cell that holds a comma"
        )
    return [cell or None for cell in row]
