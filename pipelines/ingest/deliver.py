"""One delivery: the files that changed, read and turned into rows on disk that DuckDB then takes in one go.

Here: the path of a file from bytes to admitted records and sets of faults, the same for every reader. Not here: the
readers themselves, what admits a record (admit.py), SQL, and what becomes of a row (classify.sql).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from pipelines.ingest import files, stand_in, store
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile, recipe, unreadable
from pipelines.ingest.mapping import map_files
from pipelines.ingest.readers import native
from pipelines.ingest.stand_in import Taker
from pipelines.privacy import forgotten
from pipelines.settings import Source

COLUMNS = {
    "incoming": dict.fromkeys(
        ("source", "path", "record_id", "revision_id", "content_hash", "recorded_at", "file_sha256", "time_zone"),
        "VARCHAR",
    )
    | {"schema_version": "VARCHAR", "line": "INTEGER", "stated_revision": "BIGINT", "is_trusted": "BOOLEAN"}
    | {"record": "JSON", "field_ids": "UINTEGER[]", "field_states": "STRUCT(field VARCHAR, state VARCHAR)[]"},
    "faults": dict.fromkeys(
        ("source", "path", "field", "code", "message", "fix", "record_id", "file_sha256"), "VARCHAR"
    )
    | {"line": "INTEGER", "column": "INTEGER", "record_line": "INTEGER", "record_n": "INTEGER"},
    "unmapped": dict.fromkeys(("source", "path", "record_id", "field", "word"), "VARCHAR"),
    "read_now": dict.fromkeys(("source", "path", "sha256", "recipe", "kind"), "VARCHAR")
    | {"bytes": "BIGINT", "records": "INTEGER", "quarantined": "INTEGER", "skipped": "INTEGER"},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was kept and read; `holds_forgotten`: a record that was forgotten, or what may be one."""

    source: Source
    file: FoundFile
    holds_forgotten: bool


@dataclass
class Delivery:
    """An NDJSON file for each of COLUMNS in `folder`, being written, and every file that was read."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    read: list[Reading] = field(default_factory=list)
    _open: dict[str, Any] = field(default_factory=dict)

    def write(self, table: str, row: dict) -> None:
        self._open[table].write(msgspec.json.encode(row) + b"\n")


def deliver(
    sources: Iterable[Source],
    keeper: Gatekeeper,
    keep: Callable[[FoundFile], FoundFile],
    folder: Path,
    read: Iterable[FoundFile],
    removed: Iterable[tuple[str, str]],
) -> Delivery:
    """Read the files given, as `keep` keeps them, and write what they hold as NDJSON into `folder`."""
    out = Delivery(folder)
    folder.mkdir(parents=True, exist_ok=True)
    by_source: dict[str, list[FoundFile]] = defaultdict(list)
    for file in read:
        by_source[file.source].append(file)
    by_name = {source.name: source for source in sources}
    with ExitStack() as stack:
        for table in COLUMNS:
            out.files[table] = folder / f"{table}.ndjson"
            out._open[table] = stack.enter_context(open(out.files[table], "wb", buffering=1 << 20))
        for name, found in sorted(by_source.items()):
            out.read += read_source(by_name[name], found, keeper, keep, folder, out.write)
        for source, path in removed:
            row = {"source": source, "path": path, "kind": "removed", "records": 0, "quarantined": 0, "skipped": 0}
            out.write("read_now", row)
    return out


def kept(state: Path, file: FoundFile) -> FoundFile:
    """The file as the record store holds it from now on. That copy is read: the file itself can change meanwhile."""
    with files.opened(file.absolute, file.member) as stream:
        digest = store.keep(state, stream)
    copy = store.stored(state, digest)
    return replace(file, absolute=copy, member=None, sha256=digest, size=copy.stat().st_size)


def read_source(
    source: Source,
    found: list[FoundFile],
    keeper: Gatekeeper,
    keep: Callable[[FoundFile], FoundFile],
    scratch: Path,
    write: Callable[[str, dict], None],
) -> list[Reading]:
    """Everything the files of one source hold, as rows of COLUMNS handed to `write`; returns the files that were read.

    `keep` is given each file that is to be read and says where its bytes are; `scratch` is a folder for what does not
    fit the memory.
    """
    how = recipe(source)
    tallies = {file.path: _Tally(source, file, keeper, write) for file in found}
    to_read = []
    for file in found:
        if file.ignored:
            continue
        try:
            if file.problem:
                raise file.problem
            tallies[file.path].file = keep(file)
            to_read.append(tallies[file.path].file)
        except Fault as fault:
            # as find.py names it, so that the next run tries again
            tallies[file.path].file = replace(file, sha256=unreadable(fault), size=0)
            tallies[file.path].set_aside([fault], None, None)
    hand_on(source, to_read, tallies, scratch / "mapping")
    for file in found:
        tallies[file.path].close(how)
    return [Reading(source, file, tallies[file.path].holds_forgotten) for file in to_read]


def hand_on(source: Source, to_read: list[FoundFile], takers: Mapping[str, Taker], scratch: Path) -> None:
    """Hand what each file holds to its taker, by path; `takers` count what the source's `skip` leaves out."""
    whole = [file for file in to_read if not file.is_stand_in]
    if source.reader == "native":
        _read_native(source, whole, takers)
    else:
        _read_mapped(source, whole, takers, scratch)
    for file in to_read:
        if file.is_stand_in:
            takers[file.path].skipped = stand_in.read(file, takers[file.path])


def _read_native(source: Source, found: list[FoundFile], takers: Mapping[str, Taker]) -> None:
    for file in found:
        for item in _documents(source, file):
            if isinstance(item, Fault):
                takers[file.path].set_aside([item], item.line, None)
            else:
                takers[file.path].admit(item.record, item.line, item.positions, ())


def _documents(source: Source, file: FoundFile) -> Iterator[native.Document | Fault]:
    try:
        with files.opened(file.absolute, file.member, source.encoding) as stream:
            yield from native.read(file.path, stream)
    except Fault as fault:
        yield fault


def _read_mapped(source: Source, to_read: list[FoundFile], takers: Mapping[str, Taker], scratch: Path) -> None:
    if not to_read:
        return
    skipped: Counter[str] = Counter()
    for path, found in map_files(source, to_read, scratch, skipped):
        if isinstance(found, Fault):
            takers[path].set_aside([found], found.line, None)
            continue
        start = (found.line or 1, 1)
        takers[path].admit(found.record, found.line, lambda start=start: {(): start}, found.unmapped)
    for path, count in skipped.items():
        takers[path].skipped = count


class _Tally:
    """The rows of one file: what it admits and what it sets aside, counted."""

    def __init__(self, source: Source, file: FoundFile, keeper: Gatekeeper, write: Callable[[str, dict], None]) -> None:
        self.source, self.file, self.keeper, self.write = source, file, keeper, write
        self.records = self.quarantined = self.skipped = 0
        self.holds_forgotten = False

    def admit(
        self,
        record: Any,
        line: int | None,
        positions: Callable[[], dict],
        unmapped: Iterable[tuple[str, str]] = (),
    ) -> None:
        """One record in the contract's shape: a row, or its faults."""
        found = self.keeper.admit(self.source, record, positions)
        if not isinstance(found, Admitted):
            faults, record_id = found
            return self.set_aside(faults, line, record_id)
        self.records += 1
        source, path, record_id = self.source.name, self.file.path, found.record["id"]
        self.write("incoming", {
            "source": source, "path": path, "line": line, "record_id": record_id,
            "revision_id": found.digest[:32], "content_hash": found.digest,
            "stated_revision": found.record.get("revision"), "recorded_at": found.record.get("recorded_at"),
            "file_sha256": self.file.sha256, "time_zone": self.source.time_zone, "schema_version": found.version,
            "is_trusted": self.source.trusted_times, "field_ids": found.field_ids, "field_states": found.states,
            "record": found.written,
        })  # fmt: skip
        for field_name, word in unmapped:
            # a mapping may have made the field's name of data, too
            word, place = self.keeper.clean(word), self.keeper.clean(field_name)
            self.write("unmapped", {
                "source": source, "path": path, "record_id": record_id, "field": place, "word": word,
            })  # fmt: skip
        return None

    def set_aside(self, faults: list[Fault], line: int | None, record_id: str | None) -> None:
        """One record (or the whole file) that cannot be taken: its faults, by line."""
        self.quarantined += 1
        if any(fault.code == forgotten.CODE for fault in faults):
            self.holds_forgotten = True
        elif record_id is None and (self.source.name, self.file.path) in self.keeper.forgotten.places:
            self.holds_forgotten = True  # what cannot be read, where a forgotten record was: it may be that record
        clean = self.keeper.clean
        about = {
            "source": self.source.name,
            "path": self.file.path,
            "record_id": record_id and clean(record_id),
            "record_line": line,
            "record_n": self.quarantined,
            "file_sha256": self.file.sha256,
        }
        for fault in faults:
            # what was refused is quoted: as clean as what is taken in
            said = {name: clean(getattr(fault, name) or "") or None for name in ("field", "message", "fix")}
            self.write("faults", about | said | {
                "line": fault.line or line, "column": fault.column, "code": fault.code,
            })  # fmt: skip

    def close(self, how: str) -> None:
        kind = "ignored" if self.file.ignored else "read"
        self.write("read_now", {
            "source": self.source.name, "path": self.file.path, "sha256": self.file.sha256, "recipe": how,
            "bytes": self.file.size, "kind": kind, "records": self.records, "quarantined": self.quarantined,
            "skipped": self.skipped,
        })  # fmt: skip
