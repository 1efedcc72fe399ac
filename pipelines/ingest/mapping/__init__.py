"""Foreign files to records: one SQL file of the user's, run by DuckDB over what a reader gives, a batch at a time.

    tables.py     what the SQL sees: macros, lookups, words; the database is sealed before any of the user's SQL runs
    documents.py  documents into those tables, a bounded number at once
    rows.py       rows of CSV and Parquet files, grouped to what makes one record (parquet.py reads the latter)
    query.py      the SELECT; one bad document or row must not cost the others theirs
    records.py    what it gave, checked to be records
    sample.py     what the first document or row gave, for `source try`

Here: the order of these. Not here: files and formats (readers/), the contract (ingest/validate.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import documents, rows, tables
from pipelines.ingest.mapping.query import Query
from pipelines.ingest.mapping.records import Mapped
from pipelines.ingest.mapping.tables import Batch, MappingError
from pipelines.settings import Source

__all__ = ["Mapped", "MappingError", "loader_of", "map_files"]


def map_files(
    source: Source, files: Iterable[FoundFile], scratch: Path, skipped: Counter[str]
) -> Iterator[tuple[str, Mapped | Fault]]:
    """(path, record or Fault) of everything in the source's files, in their order.

    `scratch` is a folder for what does not fit the memory; `skipped` counts, by path, what the source's `skip` leaves
    out.
    """
    loader = loader_of(source)
    scratch.mkdir(parents=True, exist_ok=True)
    with tables.opened(source, scratch) as con:
        files, refused = loader.declare(con, source, list(files), scratch)
        yield from refused
        if not files and loader is rows:
            return  # no file, no columns: whether the mapping fits them is not to be known
        tables.seal(con)
        query = Query(con, source, loader.UNITS)
        for found in loader.load(con, source, files):
            if isinstance(found, Batch):
                left_out, faults = query.left_out(found)
                skipped.update(unit.path for unit in found.units if unit.number in left_out)
                yield from ((unit.path, fault) for unit, fault in faults)
                done = left_out | {unit.number for unit, _ in faults}
                yield from query.over(Batch([unit for unit in found.units if unit.number not in done]))
            else:
                yield found


def loader_of(source: Source) -> ModuleType:
    """The module that fills the tables: `declare`, then `load`, and UNITS, the table in which the units are."""
    return rows if source.reader in rows.READERS else documents
