"""A tracker's export into the record files: read, matched, edited in place, and proved before anything is written.

Here: the order of these, over the native sources of a project. Not here: each of them. Words that are not listed stop
all of it; what is ambiguous stops itself alone. A file is written only if, read again, its records are the old ones
with exactly these values changed, and still fit the contract.
"""

from __future__ import annotations

import copy
import difflib
import io
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines import clock, warehouse
from pipelines.contract import bundle
from pipelines.ingest import people
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.quarantine import shown
from pipelines.ingest.readers import native
from pipelines.ingest.store import write_durably
from pipelines.ingest.validate import Contract
from pipelines.report.print_forms import count
from pipelines.settings import Settings, Source
from pipelines.tickets import edit, exports, match, words
from pipelines.tickets.keys import keys


@dataclass
class Edited:
    """One record file: its bytes before and after, and the changes that were made."""

    path: Path
    shown: str
    before: str
    after: str
    encoding: str
    changes: list[match.Change]

    def diff(self) -> str:
        """As a unified diff."""
        lines = (self.before.splitlines(keepends=True), self.after.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, f"a/{self.shown}", f"b/{self.shown}"))


@dataclass
class Result:
    """What an export came to: files that are or would be written, and what is left to a person."""

    edited: list[Edited] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    others: int = 0

    @property
    def changes(self) -> list[match.Change]:
        return [change for one in self.edited for change in one.changes]

    def lines(self, is_dry: bool) -> list[str]:
        """A diff of each file, or a line for each change; and how many tickets are none of ours."""
        shown = [one.diff() for one in self.edited] if is_dry else [change.line() for change in self.changes]
        others = f"; {count(self.others, 'ticket')} of no action here" if self.others else ""
        return [*shown, f"{count(len(self.changes), 'action')} in {count(len(self.edited), 'file')}{others}"]

    def facts(self) -> dict:
        """The same for a program."""
        changes = [
            {"path": change.place.path, "key": change.place.name, "ticket": change.ticket}
            | {".".join(path): value for path, value in change.values.items()}
            for change in self.changes
        ]
        return {"changes": changes, "left_alone": self.remarks, "others": self.others}


def bring_back(project: Settings, export: Path, is_dry: bool, say: Callable[[str], None]) -> Result:
    """Set what the export says of the project's actions, in its record files; with `is_dry` write nothing."""
    tracker, tickets = exports.read(export)
    with warehouse.writing(project.state, lambda holder: say(f"waiting for the run with PID {holder}")):
        found = list(_files(project, tickets))
        places = [place for one in found for place in one.places]
        outcome = match.match(tracker, tickets, places, words.load())
        result = Result(remarks=outcome.remarks, others=outcome.others)
        if outcome.unknown:
            listed = f"nothing was changed: add the words to {words.PATH.name} or settle these tickets by hand"
            result.remarks += [*outcome.unknown, listed]
            return result
        by_path: dict[str, list[match.Change]] = defaultdict(list)
        for change in outcome.changes:
            by_path[change.place.path].append(change)
        for one in found:
            if changes := by_path.get(one.name):
                _edit(one, changes, result)
        if not is_dry:
            for one in result.edited:
                mode = one.path.stat().st_mode & 0o777
                write_durably(one.path, (one.after.encode(one.encoding),), mode)
    return result


@dataclass
class _File:
    source: Source
    file: FoundFile
    text: str
    records: list[Any]
    places: list[match.Place]

    @property
    def name(self) -> str:
        return shown(self.file.absolute)


def _files(project: Settings, tickets: list[exports.Ticket]) -> Iterator[_File]:
    """The files of native sources in which an action of these tickets may stand: the others are not even parsed."""
    named = {ticket.number for ticket in tickets}
    named |= {key.partition("~")[0] for ticket in tickets for key in keys(list(ticket.texts))}
    if not named:
        return
    mark = re.compile("|".join(re.escape(name) for name in sorted(named)).encode())
    seen: set[Path] = set()  # two sources may read one file
    for source in project.sources:
        if source.reader != "native":
            continue
        for file in files_of(project, source):
            if file.problem or file.ignored or file.member or file.absolute.resolve() in seen:
                continue  # what a zip holds is somebody's delivery, not a file to edit
            seen.add(file.absolute.resolve())
            data = file.absolute.read_bytes()
            if mark.search(data) and (read := _read(source, file, data)):
                yield read


def _read(source: Source, file: FoundFile, data: bytes) -> _File | None:
    try:
        text = data.decode(source.encoding)
    except UnicodeDecodeError:
        return None  # set aside by the run, which says so
    records = [document and document.record for document in _documents(file.path, text)]
    made = _File(source, file, text, records, [])
    for document, record in enumerate(made.records):
        actions = record.get("actions") if isinstance(record, dict) else None
        for n, action in enumerate(actions if isinstance(actions, list) else []):
            if isinstance(action, dict) and isinstance(action.get("id"), str) and isinstance(record.get("id"), str):
                made.places.append(match.Place(made.name, document, n, record["id"], action))
    return made


def _documents(name: str, text: str) -> list[native.Document | None]:
    """The records as the reader gives them; None for one it refuses."""
    found = native.read(name, io.BytesIO(text.encode("utf-8", "surrogatepass")))
    return [one if isinstance(one, native.Document) else None for one in found]


def _edit(one: _File, changes: list[match.Change], result: Result) -> None:
    """Add the edited file to the result, or a remark for each change that a person has to make."""
    expected, text = copy.deepcopy(one.records), one.text
    try:
        for document, several in _by_document(changes).items():
            record = expected[document]
            values: edit.Values = {
                ("actions", change.place.n, *path): value for change in several for path, value in change.values.items()
            }
            values |= _revised(record)
            text = edit.edited(one.file.path, text, document, values)
            for path, value in values.items():
                _put(record, path, value)
        _prove(one, expected, text)
    except (edit.CannotEdit, KeyError, IndexError) as error:
        result.remarks += [f"{change.line()}: set it by hand ({error})" for change in changes]
        return
    path = one.file.absolute.resolve()
    result.edited.append(Edited(path, one.name, one.text, text, one.source.encoding, changes))


def _by_document(changes: Iterable[match.Change]) -> dict[int, list[match.Change]]:
    found: dict[int, list[match.Change]] = defaultdict(list)
    for change in changes:
        found[change.place.document].append(change)
    return found


def _revised(record: dict) -> edit.Values:
    """A new moment of writing; and the next number, where the record counts its revisions."""
    values: edit.Values = {("recorded_at",): f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"}
    if "revision" in record:
        values["revision",] = int(record["revision"]) + 1
    return values


def _put(record: dict, path: tuple[str | int, ...], value: str | int) -> None:
    holder: Any = record
    for step in path[:-1]:
        holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
    # a scalar of YAML is read as the text it is
    holder[path[-1]] = str(value) if isinstance(holder.get(path[-1]), str) else value


def _prove(one: _File, expected: list[Any], text: str) -> None:
    """CannotEdit unless the edited text holds just what is expected, and its records are still taken in."""
    found = _documents(one.file.path, text)
    if [document and document.record for document in found] != expected:
        raise edit.CannotEdit("the edit would change more than it should")
    keeper = Gatekeeper(Contract(bundle.load()), secrets.token_bytes(people.KEY_BYTES))
    for before, document in zip(one.records, found, strict=True):
        if document and before != document.record:
            admitted = keeper.admit(one.source, copy.deepcopy(document.record), document.positions)
            if not isinstance(admitted, Admitted):
                raise edit.CannotEdit(f"the record would not be taken in: {people.blank(admitted[0][0].message)}")
