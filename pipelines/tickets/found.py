"""Where the actions of tickets stand: the record files of a project's native sources, and in them each action.

Here: looking. Not here: which ticket is of which action (match.py), changing anything (revise.py).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.readers import native
from pipelines.settings import Settings, Source, from_here
from pipelines.tickets.exports import Ticket
from pipelines.tickets.keys import keys
from pipelines.tickets.match import Place


@dataclass
class RecordFile:
    """One file: its text, its records as the reader gives them (None for one it refuses), and where actions stand."""

    source: Source
    file: FoundFile
    text: str
    records: list[Any]
    places: list[Place]

    @property
    def name(self) -> str:
        return from_here(self.file.absolute)


def record_files(project: Settings, tickets: list[Ticket]) -> Iterator[RecordFile]:
    """The files in which an action of these tickets may stand: the others are not even parsed."""
    named = {ticket.number for ticket in tickets}
    named |= {key.partition("~")[0] for ticket in tickets for key in keys(list(ticket.texts))}
    if not named:
        return
    mark = re.compile("|".join(re.escape(name) for name in sorted(named)).encode())
    seen: set[Path] = set()  # two sources may read one file
    for source in project.sources:
        for file in files_of(project, source) if source.reader == "native" else ():
            if file.problem or file.ignored or file.member or file.absolute.resolve() in seen:
                continue  # what a zip holds is somebody's delivery, not a file to edit
            seen.add(file.absolute.resolve())
            data = file.absolute.read_bytes()
            if mark.search(data) and (read := _read(source, file, data)):
                yield read


def _read(source: Source, file: FoundFile, data: bytes) -> RecordFile | None:
    try:
        text = data.decode(source.encoding)
    except UnicodeDecodeError:
        return None  # set aside by the run, which says so
    records = [document and document.record for document in documents(file.path, text)]
    made = RecordFile(source, file, text, records, [])
    for n, record in enumerate(records):
        made.places += _places(made.name, n, record) if isinstance(record, dict) else []
    return made


def documents(name: str, text: str) -> list[native.Document | None]:
    """The records of a text, as the reader gives them; None for one it refuses."""
    found = native.read(name, io.BytesIO(text.encode("utf-8", "surrogatepass")))
    return [one if isinstance(one, native.Document) else None for one in found]


def _places(path: str, document: int, record: dict) -> Iterator[Place]:
    """The actions of a record that have an id. It has not been validated: whatever has another shape is passed over."""
    record_id, actions = record.get("id"), record.get("actions")
    for n, action in enumerate(actions if isinstance(actions, list) else ()):
        if isinstance(action, dict) and isinstance(action.get("id"), str) and isinstance(record_id, str):
            yield Place(path, document, n, record_id, action)
