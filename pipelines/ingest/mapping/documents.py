"""Documents into the tables a mapping sees, a bounded number at once.

Here: `documents` (and `blocks` for Markdown) filled and emptied again. Not here: reading files (readers/documents.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import tables
from pipelines.ingest.mapping.tables import Batch, Numbered
from pipelines.ingest.readers import documents
from pipelines.ingest.readers.documents import Unit
from pipelines.settings import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# 2026-11-25: a mapping costs 20 ms however few documents it is given, and a document about 10 KB of memory
UNITS_AT_ONCE = 5_000
UNITS = "_documents"  # the table with the number of each row's unit
BYTES_AT_ONCE = 32 << 20
KEYS = "list_transform(row.trail, lambda h: heading_key(h))"


def declare(
    con: DuckDBPyConnection, source: Source, found: list[FoundFile], scratch: Path
) -> tuple[list[FoundFile], list[tuple[str, Fault]]]:
    """Create the tables, empty; gives back the files to load and those refused: of documents none before it is read."""
    shape = documents.TABLES[source.reader]
    con.execute(f"CREATE TABLE _documents (_unit BIGINT, {tables.declared(shape['documents'])})")
    con.execute("CREATE VIEW documents AS SELECT * EXCLUDE (_unit) FROM _documents WHERE _unit IN (FROM _chosen)")
    tables.install_macros(con)
    if "blocks" in shape:
        columns = ", ".join(f'"_{name}" AS "{name}"' for name in shape["blocks"])
        con.execute(f"CREATE VIEW blocks AS SELECT {columns} FROM _blocks")
    return found, []


def load(con: DuckDBPyConnection, source: Source, found: list[FoundFile]) -> Iterator[Batch | tuple[str, Fault]]:
    """Batches of documents, each in the tables until the next one is asked for, and the Faults between them."""
    held: list[Unit] = []
    size = count = 0
    for file in found:
        for unit in _read(source, file):
            if isinstance(unit, Fault):
                yield file.path, unit
                continue
            held.append(unit)
            size += unit.size
            if len(held) >= UNITS_AT_ONCE or size >= BYTES_AT_ONCE:
                yield _filled(con, source, held, count)
                count += len(held)
                held, size = [], 0
    if held:
        yield _filled(con, source, held, count)


def _read(source: Source, file: FoundFile) -> Iterator[Unit | Fault]:
    try:
        with files.opened(file.absolute, file.member, source.encoding) as stream:
            yield from documents.read(source.reader, file.path, stream)
    except Fault as fault:
        yield fault


def _filled(con: DuckDBPyConnection, source: Source, held: list[Unit], first: int) -> Batch:
    shape = documents.TABLES[source.reader]
    con.execute("DELETE FROM _documents; DELETE FROM _all_blocks")
    for name, table, more in (("documents", "_documents", ""), ("blocks", "_all_blocks", ", " + KEYS)):
        if name in shape:
            rows = [{"_unit": first + n} | row for n, unit in enumerate(held) for row in unit.tables[name]]
            tables.insert(con, table, f"row.*{more}", {"_unit": "BIGINT"} | shape[name], rows)
    return Batch([Numbered(first + n, unit.path, unit.line, (unit.item,)) for n, unit in enumerate(held)])
