"""Rows of CSV and Parquet files into the table a mapping sees, and which of them make one record.

Here: `rows`, one file at a time; what does not fit the memory goes to disk. Not here: the formats (readers/csv_rows.py,
parquet.py). A record's rows stand in one file. Where a row of a group is set aside its whole record is: half a history
is none.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import parquet, tables
from pipelines.ingest.mapping.tables import Batch, MappingError, Numbered, quoted, theirs
from pipelines.ingest.readers.csv_rows import CsvFile
from pipelines.ingest.readers.text import SURROGATE
from pipelines.settings import Source
from pipelines.warehouse import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READERS = ("csv", "parquet")
UNITS_AT_ONCE, BYTES_AT_ONCE = 5_000, 32 << 20
CELL_BYTES = 64  # of Python, beside its text


def declare(
    con: DuckDBPyConnection, source: Source, found: list[FoundFile], scratch: Path
) -> Generator[tuple[str, Fault], None, list[FoundFile]]:
    """Create `rows` with every column any of the files has; yields what cannot be opened, gives back the rest."""
    columns: dict[str, str] = {}
    good, lacking = [], []
    for file in found:
        try:
            file = parquet.at_hand(file, scratch) if source.reader == "parquet" else file
            named = _columns(con, source, file)
        except Fault as fault:
            yield file.path, fault
            continue
        (lacking if source.group_by and source.group_by.lower() not in named else good).append(file)
        columns = named | columns
    if lacking and not good:
        is_one = source.reader == "csv" and len(columns) == 1
        hint = "; one column only: is `delimiter` the right one?" if is_one else ""
        there = ", ".join(columns)
        raise MappingError(f"source {source.name}: `group_by` names {source.group_by}, its files have {there}{hint}")
    for file in lacking:
        fix = "leave the file out by `ignore` of its source, or name the column"
        yield file.path, Fault("PM061", f"has no column `{source.group_by}`, which says whose a row is", fix, 1, 1)
    placed = {"item": "INTEGER", "line": "INTEGER"}
    con.execute(f"CREATE TABLE _read ({tables.declared(placed | columns)})")
    con.execute("CREATE TABLE _refused (key VARCHAR, is_named BOOLEAN)")
    con.execute("CREATE TABLE _rows AS SELECT 0::BIGINT AS _unit, '' AS path, '' AS file_name, * FROM _read LIMIT 0")
    con.execute("CREATE VIEW rows AS SELECT * EXCLUDE (_unit) FROM _rows WHERE _unit IN (FROM _chosen)")
    tables.install_macros(con)
    if source.reader == "parquet":
        con.execute(f"SET allowed_paths = [{', '.join(literal(str(file.absolute)) for file in good)}]")
    return good


def _columns(con: DuckDBPyConnection, source: Source, file: FoundFile) -> dict[str, str]:
    if source.reader == "parquet":
        named = parquet.columns(con, file)
    else:
        with _csv(source, file) as opened:
            named = dict.fromkeys(opened.header, "VARCHAR")
    columns = {theirs(name): kind for name, kind in named.items()}
    if len(columns) < len(named):
        fix = "rename one of them: `path` and the like are ours, so that theirs is `their_path`"
        raise Fault("PM061", "two columns would have one name", fix, 1, 1)
    return columns


@contextmanager
def _csv(source: Source, file: FoundFile) -> Iterator[CsvFile]:
    with files.opened(file.absolute, file.member, source.encoding) as stream:
        with CsvFile(stream, source.delimiter, source.nulls) as opened:
            yield opened


def load(con: DuckDBPyConnection, source: Source, found: list[FoundFile]) -> Iterator[Batch | tuple[str, Fault]]:
    """Batches of units, each in the table until the next one is asked for, and the Faults between them."""
    first = 0
    for file in found:
        con.execute("DELETE FROM _read; DELETE FROM _refused")
        for fault in _read(con, source, file):
            yield file.path, fault
        count = _number(con, source, file, first)
        step = max(1, min(UNITS_AT_ONCE, BYTES_AT_ONCE * count // (file.size or 1)))
        for start in range(first, first + count, step):
            yield _batch(con, file.path, start, min(start + step, first + count))
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
        torn = f"SELECT min(line) FROM _read JOIN _refused ON {key}::VARCHAR = key WHERE NOT is_named GROUP BY key"
        for (line,) in con.execute(f"{torn} ORDER BY 1").fetchall():
            fix = "mend the file there: half a record's rows are no record"
            yield Fault("PM062", "a row of this record may stand where the file is refused", fix, line, 1)


def _read_csv(con: DuckDBPyConnection, source: Source, file: CsvFile) -> Iterator[Fault]:
    header = [theirs(name) for name in file.header]
    key = header.index(source.group_by.lower()) if source.group_by else None
    columns = {name: kind for name, kind, *_ in con.execute("DESCRIBE _read").fetchall()}
    blank = dict.fromkeys(columns)
    held, size = [], 0
    refused: dict[str, bool] = {}  # the key of a record whose row was refused → whether a Fault stands for it alone
    broken = None
    try:
        for item, (line, cells, fault) in enumerate(file.rows(), 1):
            if fault:
                whose = _whose(file, cells, key)
                if not whose <= refused.keys() or not whose:
                    yield fault
                for group in whose:
                    refused[group] = len(whose) == 1 or refused.get(group, False)
                continue
            held.append(blank | {"item": item, "line": line} | dict(zip(header, cells, strict=True)))
            size += len(blank) * CELL_BYTES + sum(len(cell) for cell in cells if cell)
            if len(held) == tables.ROWS_AT_ONCE or size > tables.BYTES_AT_ONCE:
                tables.insert(con, "_read", "row.*", columns, held)
                held, size = [], 0
    except Fault as fault:
        broken = fault
    if broken and source.group_by:  # whose rows come behind the break is not to be known
        con.execute("DELETE FROM _read")
        held = []
    tables.insert(con, "_read", "row.*", columns, held)
    named = [{"key": group, "is_named": alone} for group, alone in refused.items()]
    tables.insert(con, "_refused", "row.*", {"key": "VARCHAR", "is_named": "BOOLEAN"}, named)
    if broken:
        yield broken


def _whose(file: CsvFile, cells: list[str | None], key: int | None) -> set[str]:
    """The keys of the records to which a refused row may belong."""
    if key is None:
        return set()
    found = {cells[key]} if len(cells) == len(file.header) else file.may_be(key)
    return {group for group in found if group and not SURROGATE.search(group)}


def _number(con: DuckDBPyConnection, source: Source, file: FoundFile, first: int) -> int:
    """Rows into `_rows` with the number of their unit, in the order in which units begin; how many units there are."""
    key = f"{quoted(source.group_by.lower())}::VARCHAR" if source.group_by else "item::VARCHAR"
    name = PurePosixPath(file.path).name
    con.execute("DELETE FROM _rows")
    con.execute(
        f"INSERT INTO _rows BY NAME SELECT dense_rank() OVER (ORDER BY _begins) - 1 + {first} AS _unit, "
        f"{literal(file.path)} AS path, {literal(name)} AS file_name, * EXCLUDE (_begins) FROM ("
        f"SELECT *, min(item) OVER (PARTITION BY {key}) AS _begins FROM _read "
        f"WHERE {key} IS NOT NULL AND {key} NOT IN (SELECT key FROM _refused))"
    )
    return con.execute("SELECT count(DISTINCT _unit) FROM _rows").fetchone()[0]


def _batch(con: DuckDBPyConnection, path: str, start: int, end: int) -> Batch:
    units = con.execute(
        f"SELECT _unit, min(line), list(item ORDER BY item) FROM _rows WHERE _unit >= {start} AND _unit < {end} "
        "GROUP BY _unit ORDER BY _unit"
    ).fetchall()
    return Batch([Numbered(number, path, line, tuple(items)) for number, line, items in units])
