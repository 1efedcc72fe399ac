"""A record file with changes made, and the proof that nothing else was: CannotEdit where a person has to.

Here: which values a change comes to, a new moment of writing among them, and the proof. Not here: how a value is
written into a text (edit.py), writing the file (back.py).
"""

from __future__ import annotations

import copy
import difflib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.readers.text import printable
from pipelines.privacy.cleaning import blank
from pipelines.tickets import edit
from pipelines.tickets.found import RecordFile, documents
from pipelines.tickets.match import Change


@dataclass(frozen=True)
class Revised:
    """One record file before and after, as bytes too, and the changes that were made."""

    path: Path
    name: str
    before: str
    after: str
    data_before: bytes
    data_after: bytes
    changes: list[Change]

    def diff(self) -> str:
        """As a unified diff, without the secrets and addresses that stand near a change."""
        lines = (blank(text).splitlines(keepends=True) for text in (self.before, self.after))
        name = printable(self.name)
        return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))


def revised(one: RecordFile, changes: list[Change], now: datetime, keeper: Gatekeeper) -> Revised:
    """The file with the changes made, each of its records written `now`."""
    expected, text = copy.deepcopy(one.records), one.text
    by_document: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_document[change.place.document].append(change)
    for document, several in by_document.items():
        record = expected[document]
        values: edit.Values = {
            ("actions", change.place.n, *path): value for change in several for path, value in change.values.items()
        }
        values |= _new_revision(record, now)
        text = edit.edited(one.file.path, text, document, values)
        for path, value in values.items():
            _put(record, path, value)
    _prove(one, expected, text, keeper)
    return Revised(one.file.absolute.resolve(), one.name, one.text, text, one.data, _encoded(one, text), changes)


def _new_revision(record: dict, now: datetime) -> edit.Values:
    """When it was written; and the next number, where the record counts its revisions."""
    values: edit.Values = {("recorded_at",): f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    if record.get("revision") is not None:
        values["revision",] = int(record["revision"]) + 1
    return values


def _put(record: dict, path: tuple[str | int, ...], value: str | int) -> None:
    holder: Any = record
    for step in path[:-1]:
        holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
    # a scalar of YAML is read as the text it is
    holder[path[-1]] = str(value) if isinstance(holder.get(path[-1]), str) else value


def _encoded(one: RecordFile, text: str) -> bytes:
    """The text as the file was written; CannotEdit where that would touch other bytes, such as a byte order mark."""
    try:
        if one.text.encode(one.source.encoding) == one.data:
            return text.encode(one.source.encoding)
    except UnicodeEncodeError:
        pass
    raise edit.CannotEdit(f"it is not written as {one.source.encoding} writes it")


def _prove(one: RecordFile, expected: list[Any], text: str, keeper: Gatekeeper) -> None:
    """CannotEdit unless the text, read again, holds just what is expected, and its records are still taken in."""
    found = documents(one.file.path, text)
    if [document and document.record for document in found] != expected:
        raise edit.CannotEdit("the edit would change more than it should")
    for before, document in zip(one.records, found, strict=True):
        if document and before != document.record:
            admitted = keeper.admit(one.source, copy.deepcopy(document.record), document.positions)
            if not isinstance(admitted, Admitted):
                raise edit.CannotEdit(f"the record would not be taken in: {keeper.clean(admitted[0][0].message)}")
