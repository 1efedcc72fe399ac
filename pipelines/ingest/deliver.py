"""One delivery: the files that changed, read and turned into rows on disk that DuckDB then takes in one go.

Here: the path of a file from bytes to an accepted row or a set of faults, the same for every reader once it has given
records. Not here: the readers themselves, SQL, and what becomes of a row (classify.sql).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipelines.ingest import mapping, people, store, times
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile, recipe
from pipelines.ingest.presence import presence
from pipelines.ingest.readers import markdown, native
from pipelines.ingest.validate import Contract
from pipelines.settings import Settings, Source

# What a mapped record is unless its mapping or its source's defaults say otherwise.
IMPORTED = {"schema_version": "1.0", "stage": "imported", "provenance": "imported"}
COLUMNS = {
    "incoming": dict.fromkeys(
        ("source", "path", "record_id", "revision_id", "content_hash", "recorded_at", "file_sha256", "time_zone"),
        "VARCHAR",
    )
    | {"line": "INTEGER", "stated_revision": "BIGINT", "is_trusted": "BOOLEAN", "record": "JSON"}
    | {"field_values": "STRUCT(field VARCHAR, n INTEGER)[]", "field_states": "STRUCT(field VARCHAR, state VARCHAR)[]"},
    "faults": dict.fromkeys(
        ("source", "path", "field", "code", "message", "fix", "record_id", "file_sha256"), "VARCHAR"
    )
    | {"line": "INTEGER", "column": "INTEGER", "record_line": "INTEGER", "record_n": "INTEGER"},
    "read_now": dict.fromkeys(("source", "path", "sha256", "recipe", "kind"), "VARCHAR")
    | {"bytes": "BIGINT", "records": "INTEGER", "quarantined": "INTEGER"},
}


@dataclass
class Delivery:
    """Three NDJSON files (see COLUMNS) in `folder`, being written."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    _open: dict[str, Any] = field(default_factory=dict)

    def write(self, table: str, row: dict) -> None:
        self._open[table].write(msgspec.json.encode(row) + b"\n")


@dataclass(frozen=True)
class Reading:
    """What every record of one run is read with."""

    settings: Settings
    contract: Contract
    secret: bytes
    out: Delivery


def deliver(
    settings: Settings,
    contract: Contract,
    secret: bytes,
    folder: Path,
    read: Iterable[FoundFile],
    removed: Iterable[tuple[str, str]],
) -> Delivery:
    """Read the files given and write what they hold as three NDJSON files into `folder`."""
    out = Delivery(folder)
    folder.mkdir(parents=True, exist_ok=True)
    by_source: dict[str, list[FoundFile]] = defaultdict(list)
    for file in read:
        by_source[file.source].append(file)
    with ExitStack() as stack:
        for table in COLUMNS:
            out.files[table] = folder / f"{table}.ndjson"
            out._open[table] = stack.enter_context(open(out.files[table], "wb", buffering=1 << 20))
        reading = Reading(settings, contract, secret, out)
        for name, files in sorted(by_source.items()):
            _read_source(settings.by_name[name], files, reading)
        for source, path in removed:
            out.write("read_now", {"source": source, "path": path, "kind": "removed", "records": 0, "quarantined": 0})
    return out


def _read_source(source: Source, files: list[FoundFile], reading: Reading) -> None:
    how = recipe(source)
    tallies = {file.path: _Tally(source, file, reading) for file in files}
    kept = {}
    for file in files:
        if file.ignored:
            continue
        try:
            data = file.absolute.read_bytes()
        except OSError as error:
            fault = Fault(
                "PM001", f"cannot be read: {error.strerror}", "give the user who runs Faultlines leave to read it"
            )
            tallies[file.path].set_aside([fault], None, None)
            continue
        kept[file.path] = data
        tallies[file.path].sha256 = store.keep(reading.settings.state, data)
    (_read_native if source.reader == "native" else _read_mapped)(source, kept, tallies)
    for file in files:
        tallies[file.path].close(how)


class _Tally:
    """The rows of one file: admits records, sets faults aside, and counts both."""

    def __init__(self, source: Source, file: FoundFile, reading: Reading) -> None:
        self.source, self.file, self.reading, self.sha256 = source, file, reading, file.sha256
        self.records = self.quarantined = 0

    def admit(self, record: Any, line: int | None, positions: Callable[[], dict]) -> None:
        """One record in the contract's shape: a row, or its faults."""
        contract, zone = self.reading.contract, self.source.time_zone
        if isinstance(record, dict):
            record = (IMPORTED if self.source.reader != "native" else {}) | self.source.defaults | record
        record = contract.typed(record)
        faults = [] if contract.is_valid(record) else contract.faults(record, positions)
        faults = faults or times.unplaced(record, contract.schema, zone, positions)
        if faults:
            identity = record.get("id") if isinstance(record, dict) else None
            return self.set_aside(faults, line, identity if isinstance(identity, str) else None)
        self.records += 1
        # hashed as published: a hash of the record as written would let anybody test a guessed name against it
        safe = people.protect(record, contract.schema, self.reading.secret)
        decided_by = zone if zone and times.has_naive(record, contract.schema) else ""
        digest = hashlib.sha256(msgspec.json.encode(safe, order="sorted") + decided_by.encode()).hexdigest()
        values, states = presence(record)
        self.reading.out.write("incoming", {
            "source": self.source.name, "path": self.file.path, "line": line, "record_id": record["id"],
            "revision_id": digest[:32], "content_hash": digest, "stated_revision": record.get("revision"),
            "recorded_at": record.get("recorded_at"), "file_sha256": self.sha256, "time_zone": zone,
            "is_trusted": self.source.trusted_times, "field_values": values, "field_states": states,
            "record": safe,
        })  # fmt: skip
        return None

    def set_aside(self, faults: list[Fault], line: int | None, record_id: str | None) -> None:
        """One record (or the whole file) that cannot be taken: its faults, by line."""
        self.quarantined += 1
        secret = self.reading.secret
        record_id = record_id and people.clean(record_id, secret)
        for fault in faults:
            row = {name: getattr(fault, name) for name in ("line", "column", "code")}
            # what was refused is quoted: as clean as what is taken in
            row |= {
                name: people.clean(getattr(fault, name) or "", secret) or None for name in ("field", "message", "fix")
            }
            row |= {
                "source": self.source.name,
                "path": self.file.path,
                "record_id": record_id,
                "record_line": line,
                "record_n": self.quarantined,
            }
            self.reading.out.write("faults", row | {"line": fault.line or line, "file_sha256": self.sha256})

    def close(self, how: str) -> None:
        kind = "ignored" if self.file.ignored else "read"
        self.reading.out.write("read_now", {
            "source": self.source.name, "path": self.file.path, "sha256": self.sha256, "recipe": how,
            "bytes": self.file.size, "kind": kind, "records": self.records, "quarantined": self.quarantined,
        })  # fmt: skip


def _read_native(source: Source, kept: dict[str, bytes], tallies: dict[str, _Tally]) -> None:
    for path, data in kept.items():
        for item in native.read(path, data):
            if isinstance(item, Fault):
                tallies[path].set_aside([item], item.line, None)
            else:
                where = partial(native.locate, path, data, item.line, item.column)
                tallies[path].admit(item.record, item.line, where)


def _read_mapped(source: Source, kept: dict[str, bytes], tallies: dict[str, _Tally]) -> None:
    documents, blocks = [], []
    for path, data in kept.items():
        try:
            document, rows = markdown.read(path, data)
        except Fault as fault:
            tallies[path].set_aside([fault], fault.line, None)
            continue
        documents.append(document)
        blocks.extend(rows)
    lookups = {path.stem: path for path in source.lookups}
    mapped, faults = mapping.map_documents(source.mapping, lookups, documents, blocks)
    for path, fault in faults:
        tallies[path].set_aside([fault], fault.line, None)
    for row in mapped:
        start = (row.line or 1, 1)
        tallies[row.path].admit(row.record | {"id": row.id}, row.line, lambda start=start: {(): start})
