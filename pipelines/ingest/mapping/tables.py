"""The database a mapping's SQL runs in: macros, lookups, words, and the seal.

Here: what is the same for documents and rows. Not here: the tables of either (documents.py, rows.py), running the SQL.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.readers import markdown
from pipelines.settings import Source
from pipelines.warehouse import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MACROS = Path(__file__).parents[1] / "macros"
ORDER_OF_MACROS = ("sections", "durations", "times", "timeline", "data", "words")
OURS = ("path", "file_name", "item", "line", "_unit", "_begins")
RESERVED = ("documents", "blocks", "rows")
ROWS_AT_ONCE, BYTES_AT_ONCE = 2000, 8 << 20
# What a word without a counterpart is marked with on its way out of SQL. Not one character alone: those of fonts with
# pictures (U+E000) do stand in texts.
UNMAPPED = "\ue000our_word\ue000"


class MappingError(Exception):
    """A mapping, lookup or declaration that cannot be used at all: whoever runs this mends it, not who writes
    post-mortems. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """One unit in the tables: `items` are the numbers of its documents or rows in their file."""

    number: int
    path: str
    line: int
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Units that are in the tables now."""

    units: list[Numbered]


@contextmanager
def opened(source: Source, scratch: Path) -> Iterator[DuckDBPyConnection]:
    """An in-memory database with macros, lookups and words, which spills into `scratch`; not sealed yet."""
    import duckdb

    threads = os.environ.get("FAULTLINES_THREADS", "2")
    with duckdb.connect(":memory:", config={"threads": threads, "memory_limit": "1GB"}) as con:
        con.execute(f"SET TimeZone = 'UTC'; SET temp_directory = {literal(str(scratch))}")
        con.execute("CREATE TABLE _chosen (unit BIGINT)")
        _install_words(con, source)
        for path in source.lookups:
            _load_lookup(con, path)
        yield con


def install_macros(con: DuckDBPyConnection) -> None:
    """Every macro, and the blocks they look at, whose columns begin with an underscore: sections.sql says why."""
    con.execute(f"CREATE TABLE _all_blocks (_unit BIGINT, {declared(markdown.TABLES['blocks'], '_')}, _keys VARCHAR[])")
    con.execute("CREATE VIEW _blocks AS FROM _all_blocks WHERE _unit IN (FROM _chosen)")
    for topic in ORDER_OF_MACROS:
        con.execute((MACROS / f"{topic}.sql").read_text(encoding="utf-8"))


def seal(con: DuckDBPyConnection) -> None:
    """No files, no network, no settings from here on: what runs next is somebody else's SQL."""
    con.execute("SET enable_external_access = false; SET lock_configuration = true")


def declared(columns: dict[str, str], prefix: str = "") -> str:
    """Column definitions."""
    return ", ".join(f"{quoted(prefix + name)} {kind}" for name, kind in columns.items())


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def theirs(name: str) -> str:
    """The name of a file's own column: in small letters, as DuckDB tells no case apart, and with `their_` before it
    where it is called like one of ours."""
    return f"their_{name.lower()}" if name.lower() in OURS else name.lower()


def insert(con: DuckDBPyConnection, table: str, select: str, columns: dict[str, str], rows: list[dict]) -> None:
    """Rows go in as JSON text with declared types: no frame library is loaded for it, and nothing is inferred."""
    shape = json.dumps([{name: ["VARCHAR"] if kind.endswith("[]") else kind for name, kind in columns.items()}])
    for start in range(0, len(rows), ROWS_AT_ONCE):
        batch = json.dumps([{name: row[name] for name in columns} for row in rows[start : start + ROWS_AT_ONCE]])
        given = f"from_json_strict({literal(batch)}, {literal(shape)})"
        con.execute(f"INSERT INTO {table} SELECT {select} FROM (SELECT unnest({given}) AS row)")


def _load_lookup(con: DuckDBPyConnection, path: Path) -> None:
    """A CSV as a table of texts; an empty cell is NULL. Its first line names the columns."""
    name = path.stem
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in RESERVED:
        raise MappingError(f"{path}: a lookup is a table named after its file: lower case, digits and _, not {name!r}")
    header, rows = _read_csv(path)
    columns = dict.fromkeys(header, "VARCHAR")
    con.execute(f"CREATE TABLE {name} ({declared(columns)})")
    insert(con, name, "row.*", columns, rows)


def _install_words(con: DuckDBPyConnection, source: Source) -> None:
    """The variable `words`: field and their word in small letters → ours. A variable, because a macro that asks it may
    stand inside a lambda, where no subquery may."""
    found = {(field, theirs): ours for field, words in source.words.items() for theirs, ours in words.items()}
    for path in source.word_files:
        header, rows = _read_csv(path)
        if not {"field", "written", "word"} <= set(header):
            raise MappingError(f"{path}:1: a file of words has the columns field, written, word")
        found |= {(row["field"], row["written"] or ""): row["word"] for row in rows}
    ours: dict[str, str | None] = {}
    for (field, written), word in found.items():
        key = f"{field}\x1f{written.strip().lower()}"
        if ours.setdefault(key, word) != word:
            raise MappingError(f"source {source.name}: two words for {written!r} of {field}: {ours[key]} and {word}")
    listed = ", ".join(map(literal, ours)), ", ".join(map(literal, ours.values()))
    con.execute(
        f"SET VARIABLE words = MAP([{listed[0]}]::VARCHAR[], [{listed[1]}]::VARCHAR[]); "
        f"SET VARIABLE unmapped = {literal(UNMAPPED)}"
    )


def _read_csv(path: Path) -> tuple[list[str], list[dict]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            rows = [dict(zip(header, _cells(path, reader.line_num, header, row), strict=True)) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MappingError(f"{path}: cannot be read as CSV: {error}") from error
    if not header or len(set(header)) < len(header) or not all(re.fullmatch(r"\w+", column) for column in header):
        raise MappingError(f"{path}:1: the first line names the columns, each once, in letters, digits and _")
    return header, rows


def _cells(path: Path, line: int, header: list[str], row: list[str]) -> list[str | None]:
    if len(row) != len(header):
        raise MappingError(
            f"{path}:{line}: {len(row)} cells under {len(header)} columns; quote a cell that holds a comma"
        )
    return [cell or None for cell in row]
