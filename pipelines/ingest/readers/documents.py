"""Foreign files that hold documents → one `Unit` a document: what a mapping sees of it, and where it stands.

Here: yaml, json, ndjson and markdown, each as rows of the tables a mapping reads. Not here: the formats themselves,
tables of rows (csv_rows.py, parquet), or what any of it means in the contract: that is a mapping's SQL.

A list at the top of a YAML or JSON file is one document an item. JSON arrays and NDJSON are read as they come, however
long the file; every other document is in memory whole, 8 MB at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import json_items, json_strict, markdown, yaml_events
from pipelines.ingest.readers.lines import lines
from pipelines.ingest.readers.native import whole
from pipelines.ingest.readers.text import decode

# `item` is the number of the document in its file, which tells apart those of an array written on one line.
DATA = {"documents": {"path": "VARCHAR", "file_name": "VARCHAR", "item": "INTEGER", "line": "INTEGER", "data": "JSON"}}
TABLES = {"markdown": markdown.TABLES, "yaml": DATA, "json": DATA, "ndjson": DATA}


@dataclass(frozen=True, slots=True)
class Unit:
    """What one record is made from; `tables` holds the rows a mapping sees of it, `size` about how many bytes they
    are."""

    path: str
    item: int
    line: int
    size: int
    tables: dict[str, list[dict]]


def read(reader: str, path: str, stream: BinaryIO) -> Iterator[Unit | Fault]:
    """The documents of one file in its order; what cannot be read is yielded as a Fault, never raised."""
    try:
        match reader:
            case "markdown":
                data = whole(stream)
                document, blocks = markdown.read(path, data)
                yield Unit(path, 1, 1, len(data), {"documents": [document], "blocks": blocks})
            case "yaml":
                yield from _yaml(path, decode(whole(stream)))
            case "json":
                yield from _texts(path, json_items.items(stream))
            case "ndjson":
                yield from _texts(path, ((line, 1, data) for line, data in lines(stream)))
    except Fault as fault:
        yield fault


def _texts(path: str, found: Iterator[tuple[int, int, bytes]]) -> Iterator[Unit | Fault]:
    item = 0
    for item, (line, column, data) in enumerate(found, 1):
        try:
            yield _unit(path, item, line, len(data), json_strict.load(decode(data, line), line))
        except Fault as fault:
            if fault.line == line and fault.column:
                fault.column += column - 1
            yield fault
    if not item:
        yield Fault("PM004", "the file is empty", "write a document into it, or remove the file", 1, 1)


def _yaml(path: str, text: str) -> Iterator[Unit]:
    loaded = yaml_events.load(text)
    if not isinstance(loaded, list):
        yield _unit(path, 1, 1, len(text), loaded)
        return
    places = yaml_events.positions(text)
    for n, data in enumerate(loaded):
        yield _unit(path, n + 1, places.get((n,), (1, 1))[0], len(text) // len(loaded), data)


def _unit(path: str, item: int, line: int, size: int, data: Any) -> Unit:
    row = {"path": path, "file_name": PurePosixPath(path).name, "item": item, "line": line, "data": data}
    return Unit(path, item, line, size, {"documents": [row]})
