"""The first of what a mapping's SQL sees, to look at while it is written. Here: one file's first unit or rows.

Not here: the whole of it (documents.py, rows.py), and records in the contract's own shape, which need no mapping.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import documents, loader_of, rows, tables
from pipelines.settings import Source

ROWS = 5


def first(source: Source, file: FoundFile, scratch: Path) -> dict[str, list[dict]]:
    """Table → its first rows, of one file; nothing for a native source. Fault where the file cannot be read."""
    if source.reader == "native":
        return {}
    loader = loader_of(source)
    with tables.opened(source, scratch) as con:
        found, refused = loader.declare(con, source, [file], scratch)
        if refused:
            raise refused[0][1]
        for thing in loader.load(con, source, found):
            if isinstance(thing, tables.Batch):
                break
        shown = {"rows": rows.UNITS} if loader is rows else {"documents": documents.UNITS, "blocks": "_all_blocks"}
        return {name: _rows(con, table) for name, table in shown.items() if _rows(con, table)}


def _rows(con, table: str) -> list[dict]:
    answer = con.execute(f"FROM {table} ORDER BY ALL LIMIT {ROWS}")
    names = [column[0] for column in answer.description]
    hidden = {"_unit", "_keys"}
    return [
        {name.removeprefix("_"): value for name, value in zip(names, row, strict=True) if name not in hidden}
        for row in answer.fetchall()
    ]
