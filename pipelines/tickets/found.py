"""Where the actions of tickets stand: the record files of a project's native sources, and in them each action.

Here: looking, and what is taken in at all: an action of a record that a run would set aside is no action yet. Not here:
which ticket is of which action (match.py), changing anything (revise.py).
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.readers import native
from pipelines.settings import Settings, Source
from pipelines.tickets.exports import Ticket
from pipelines.tickets.keys import keys
from pipelines.tickets.match import Place


@dataclass
class RecordFile:
    """One file: its bytes, their text, its records as the reader gives them (None for one it refuses), where actions
    stand, and how many of its records a run would set aside."""

    source: Source
    file: FoundFile
    data: bytes
    text: str
    records: list[Any]
    places: list[Place]
    set_aside: int = 0

    @property
    def name(self) -> str:
        return self.source.from_here(self.file.path)


def record_files(project: Settings, tickets: list[Ticket], keeper: Gatekeeper) -> Iterator[RecordFile]:
    """The files in which an action of these tickets may stand: the others are not even parsed."""
    named = {ticket.number for ticket in tickets}
    named |= {key.partition("~")[0] for ticket in tickets for key in keys(list(ticket.texts))}
    # as one automaton: a pattern of as many alternatives as an export can hold would be tried at every letter
    marks = AhoCorasick(sorted(named - {""}))
    seen: set[Path] = set()  # two sources may read one file
    for source in project.sources if named else ():
        for file in files_of(project, source) if source.reader == "native" else ():
            if file.problem or file.ignored or file.member or file.absolute.resolve() in seen:
                continue  # what a zip holds is somebody's delivery, not a file to edit
            seen.add(file.absolute.resolve())
            if (read := _opened(source, file)) and marks.find_matches_as_indexes(read.text):
                yield _with_places(read, keeper)


def _opened(source: Source, file: FoundFile) -> RecordFile | None:
    try:
        data = file.absolute.read_bytes()
        return RecordFile(source, file, data, data.decode(source.encoding), [], [])
    except (UnicodeError, FileNotFoundError):
        return None  # set aside by the run, which says so; or gone since it was found


def _with_places(one: RecordFile, keeper: Gatekeeper) -> RecordFile:
    for n, document in enumerate(documents(one.file.path, one.text)):
        one.records.append(document and document.record)
        if document and isinstance(keeper.admit(one.source, copy.deepcopy(document.record), dict), Admitted):
            one.places += _places(one.name, n, document.record)
        else:
            one.set_aside += 1
    return one


def documents(name: str, text: str) -> list[native.Document | None]:
    """The records of a text, as the reader gives them; None for one it refuses."""
    found = native.read(name, io.BytesIO(text.encode("utf-8", "surrogatepass")))
    return [one if isinstance(one, native.Document) else None for one in found]


def _places(path: str, document: int, record: dict) -> Iterator[Place]:
    """The actions of a record that have an id, without the keys that were given no value."""
    for n, action in enumerate(record.get("actions") or ()):
        said = {key: value for key, value in action.items() if value is not None}
        if "id" in said:
            yield Place(path, document, n, record["id"], said)
