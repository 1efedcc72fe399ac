"""Rows of CSV and Parquet files into the table a mapping sees, and which of them make one record.

Here: `rows`, one file at a time; what does not fit the memory goes to disk. Not here: the formats (readers/csv_rows.py,
parquet.py). A record's rows stand in one file. Where a row of a group is set aside its whole record is: half a history
is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import parquet, tables
from pipelines.ingest.mapping.tables import Batch, MappingError, Numbered, quoted, theirs
from pipelines.ingest.readers.csv_rows import CsvFile
from pipelines.settings import Source
from pipelines.warehouse import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READERS = ("csv", "parquet")
UNITS_AT_ONCE = 5_000
UNITS = "_rows"  # the table with the number of each row's unit


def declare(
    con: DuckDBPyConnection, source: Source, found: list[FoundFile], scratch: Path
) -> tuple[list[FoundFile], list[tuple[str, Fault]]]:
    """Create `rows` with every column any of the files has; gives back the files to load and those refused."""
    found = [parquet.at_hand(file, scratch) for file in found] if source.reader == "parquet" else found
    columns: dict[str, str] = {}
    good, refused = [], []
    for file in found:
        try:
            columns |= {name: kind for name, kind in _columns(con, source, file).items() if name not in columns}
            good.append(file)
        except Fault as fault:
            refused.append((file.path, fault))
    _check_group(source, columns, bool(good))
    placed = {"item": "INTEGER", "line": "INTEGER"}
    con.execute(f"CREATE TABLE _read ({tables.declared(placed | columns)})")
    con.execute("CREATE TABLE _refused (key VARCHAR)")
    con.execute("CREATE TABLE _rows AS SELECT 0::BIGINT AS _unit, '' AS path, '' AS file_name, * FROM _read LIMIT 0")
    con.execute("CREATE VIEW rows AS SELECT * EXCLUDE (_unit) FROM _rows WHERE _unit IN (FROM _chosen)")
    tables.install_macros(con)
    if source.reader == "parquet":
        con.execute(f"SET allowed_paths = [{', '.join(literal(str(file.absolute)) for file in good)}]")
    return good, refused


def _columns(con: DuckDBPyConnection, source: Source, file: FoundFile) -> dict[str, str]:
    if source.reader == "parquet":
        named = parquet.columns(con, file)
    else:
        with _csv(source, file) as opened:
            named = dict.fromkeys(opened.header, "VARCHAR")
    return {theirs(name): kind for name, kind in named.items()}


@contextmanager
def _csv(source: Source, file: FoundFile) -> Iterator[CsvFile]:
    with files.opened(file.absolute, file.member, source.encoding) as stream:
        with CsvFile(stream, source.delimiter, source.nulls) as opened:
            yield opened


def _check_group(source: Source, columns: dict[str, str], is_known: bool) -> None:
    if is_known and source.group_by and source.group_by.lower() not in columns:
        raise MappingError(
            f"source {source.name}: `group_by` names {source.group_by}, its files have {', '.join(columns)}"
        )


def load(con: DuckDBPyConnection, source: Source, found: list[FoundFile]) -> Iterator[Batch | tuple[str, Fault]]:
    """Batches of units, each in the table until the next one is asked for, and the Faults between them."""
    first = 0
    for file in found:
        con.execute("DELETE FROM _read; DELETE FROM _refused")
        for fault in _read(con, source, file):
            yield file.path, fault
        count = _number(con, source, file, first)
        for start in range(first, first + count, UNITS_AT_ONCE):
            yield _batch(con, file.path, start, min(start + UNITS_AT_ONCE, first + count))
        first += count


def _read(con: DuckDBPyConnection, source: Source, file: FoundFile) -> Iterator[Fault]:
    try:
        if source.reader == "parquet":
            parquet.load(con, file)
        else:
            with _csv(source, file) as opened:
                yield from _read_csv(con, source, opened)
    except Fault as fault:
        yield fault
    if source.group_by:
        key = quoted(source.group_by.lower())
        for (line,) in con.execute(f"SELECT line FROM _read WHERE {key} IS NULL ORDER BY line").fetchall():
            fix = "write it, or leave the row out: nobody knows which record it belongs to"
            yield Fault("PM063", f"no value in `{source.group_by}`", fix, line, 1)


def _read_csv(con: DuckDBPyConnection, source: Source, file: CsvFile) -> Iterator[Fault]:
    header = [theirs(name) for name in file.header]
    key = header.index(source.group_by.lower()) if source.group_by else None
    columns = {name: kind for name, kind, *_ in con.execute("DESCRIBE _read").fetchall()}
    blank = dict.fromkeys(columns)
    held, refused = [], set()
    for item, (line, cells, fault) in enumerate(file.rows(), 1):
        if fault:
            group = cells[key] if key is not None and key < len(cells) else None
            if group is None or group not in refused:
                yield fault
            refused.add(group)
            continue
        held.append(blank | {"item": item, "line": line} | dict(zip(header, cells, strict=True)))
        if len(held) == tables.ROWS_AT_ONCE:
            tables.insert(con, "_read", "row.*", columns, held)
            held = []
    tables.insert(con, "_read", "row.*", columns, held)
    tables.insert(con, "_refused", "row.*", {"key": "VARCHAR"}, [{"key": group} for group in refused if group])


def _number(con: DuckDBPyConnection, source: Source, file: FoundFile, first: int) -> int:
    """Rows into `_rows` with the number of their unit, in the order in which units begin; how many units there are."""
    key = f"{quoted(source.group_by.lower())}::VARCHAR" if source.group_by else "item::VARCHAR"
    name = PurePosixPath(file.path).name
    con.execute("DELETE FROM _rows")
    con.execute(
        f"INSERT INTO _rows BY NAME SELECT dense_rank() OVER (ORDER BY begins) - 1 + {first} AS _unit, "
        f"{literal(file.path)} AS path, {literal(name)} AS file_name, * EXCLUDE (begins) FROM ("
        f"SELECT *, min(item) OVER (PARTITION BY {key}) AS begins FROM _read "
        f"WHERE {key} IS NOT NULL AND {key} NOT IN (SELECT key FROM _refused))"
    )
    return con.execute("SELECT count(DISTINCT _unit) FROM _rows").fetchone()[0]


def _batch(con: DuckDBPyConnection, path: str, start: int, end: int) -> Batch:
    units = con.execute(
        f"SELECT _unit, min(line), list(item ORDER BY item) FROM _rows WHERE _unit >= {start} AND _unit < {end} "
        "GROUP BY _unit ORDER BY _unit"
    ).fetchall()
    return Batch([Numbered(number, path, line, tuple(items)) for number, line, items in units])
