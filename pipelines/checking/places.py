"""The line and column of a field that a rule names, in the file it was written in.

A rule knows the field (`actions[1].scope`), the reader knows where each key and list item stands. Not here: faults of
shape, which know their place already.
"""

from __future__ import annotations

import re
from functools import cached_property

from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.readers import native
from pipelines.ingest.readers.native import Document
from pipelines.ingest.readers.text import Path
from pipelines.settings import Source

STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class Written:
    """One file of records, read once more for the places in it: only what has findings is."""

    def __init__(self, source: Source, file: FoundFile) -> None:
        self.source, self.file = source, file

    def place(self, line: int | None, record_id: str, field: str | None) -> tuple[int | None, int | None]:
        """Where a field of the record that begins on this line stands, or its nearest parent that was written."""
        positions = self._positions(line, record_id)
        path = steps(field or "")
        return next((positions[path[:n]] for n in range(len(path), -1, -1) if path[:n] in positions), (line, None))

    def _positions(self, line: int | None, record_id: str) -> native.Positions:
        there = self._documents.get(line, [])
        # two records of an array can begin on one line
        own = next((one for one in there if one.record.get("id") == record_id), there[0] if there else None)
        if own is None:
            return {}
        if id(own) not in self._known:
            self._known[id(own)] = own.positions()
        return self._known[id(own)]

    @cached_property
    def _known(self) -> dict[int, native.Positions]:
        return {}

    @cached_property
    def _documents(self) -> dict[int | None, list[Document]]:
        found: dict[int | None, list[Document]] = {}
        try:
            with files.opened(self.file.absolute, self.file.member, self.source.encoding) as stream:
                for one in native.read(self.file.path, stream):
                    if isinstance(one, Document):
                        found.setdefault(one.line, []).append(one)
        except Fault:
            pass  # it has gone, or changed, since it was read: its problems then have the line of the record
        return found


def steps(field: str) -> Path:
    """`actions[1].due_on` as ("actions", 1, "due_on")."""
    return tuple(int(number) if number else name for number, name in STEP.findall(field))
