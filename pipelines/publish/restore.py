"""Raw tables from what was kept: every delivery loaded again, in its order, as it was declared and received then.

Here: replaying receipts over the record store, which is only read. Not here: what a receipts file says
(ingest/ledger.py), and the way from raw tables to a published generation (rebuild.py).

What comes out is what the bytes give under today's code and contract. The same code gives the same content; where a
delivery was read by other code, or its receipts say otherwise, a remark says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.contract import bundle
from pipelines.ingest import ledger, people, store
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.deliver import deliver
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile, recipe
from pipelines.ingest.ledger import Entry, LedgerDamaged
from pipelines.ingest.load import declare, load, prepare
from pipelines.ingest.validate import Contract
from pipelines.privacy import forgotten
from pipelines.privacy.forgotten import Forgotten
from pipelines.publish.generations import Attempt, StateDamaged
from pipelines.settings import Settings
from pipelines.warehouse import literal

BACKUP = "put it back from your backup"


def check(state: Path, last: int) -> Entry:
    """Generation `last`, once it is known that every receipts file up to it is there and names its files."""
    old = []
    for number in range(1, last + 1):
        path = store.receipts_file(state, number)
        try:
            entry = ledger.entry(path)
        except LedgerDamaged as error:
            raise LedgerDamaged(f"receipts/{error}; {BACKUP}") from error
        if not entry.names_files:
            old.append(number)
    if old:
        raise LedgerDamaged(
            f"the receipts of generation {old[-1]} and before do not say which files were read (they are of before "
            f"2026-11-25): put a whole generation back from your backup, or move {state} aside, copy its key into a "
            "new folder of that name and run: records come back, their earlier revisions do not"
        )
    return entry


def load_again(con: duckdb.DuckDBPyConnection, settings: Settings, last: int, scratch: Path) -> list[str]:
    """Fill the raw tables with every delivery up to generation `last`; returns remarks on what may not be as it was."""
    schema = bundle.load()
    sections = prepare(con, schema)
    gone = forgotten.load(settings.state)
    keeper = Gatekeeper(Contract(schema), people.key(settings.state, store_is_empty=False), gone)
    remarks = []
    for number in range(1, last + 1):
        entry = ledger.entry(store.receipts_file(settings.state, number))
        attempt = Attempt(number, entry.received_at, "", is_full=False)
        then = as_declared(settings, entry, scratch / "declared")
        declare(con, then.sources)
        if entry.files:
            read = [found(settings.state, line, gone, number) for line in entry.files if line["kind"] != "removed"]
            removed = [(line["source"], line["path"]) for line in entry.files if line["kind"] == "removed"]
            delivery = deliver(then.sources, keeper, _whole, scratch / "delivery", read, removed)
            load(con, schema, sections, delivery, attempt)
        remarks += _remarks(con, entry, then)
        shutil.rmtree(scratch, ignore_errors=True)
    return remarks


def speak_of(con: duckdb.DuckDBPyConnection, moment: datetime, generation: int) -> None:
    """Set the moment the warehouse speaks of, its last deliveries may have held no file; every record is due."""
    con.execute("DELETE FROM raw.as_of")
    con.execute(f"INSERT INTO raw.as_of VALUES ({literal(moment)}, {generation})")
    con.execute("CREATE OR REPLACE TABLE raw.due_records AS SELECT DISTINCT record_id FROM raw.record_events")


def as_declared(settings: Settings, entry: Entry, scratch: Path) -> Settings:
    """The settings with the sources of then; their SQL and lists, which may have changed since, are copies."""

    def copy(written: str, digest: str) -> str:
        path = scratch / digest / Path(written).name  # a lookup is a table named after its file
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_stored(settings.state, digest, written), path)
        return str(path)

    sources = []
    for line in entry.declared:
        own, kept = line["declared"], line["files"]
        one = {"mapping": copy(own["mapping"], kept["mapping"])} if "mapping" in kept else {}
        many = {
            name: [copy(*pair) for pair in zip(own[name], kept[name], strict=True)]
            for name in ("lookups", "word_files")
            if name in kept
        }
        sources.append(own | {"glob": "*"} | one | many)  # no glob: it may name what this machine does not set
    return replace(settings, declared=tuple(sources))


def found(state: Path, line: dict, gone: Forgotten, generation: int) -> FoundFile:
    """A file of the ledger, to be read where it is kept; or what stands in for it, where a record was forgotten."""
    problem = Fault(**line["problem"]) if line["problem"] else None
    is_ignored = line["kind"] == "ignored"
    source, path, digest = line["source"], line["path"], line["sha256"]
    kept = gone.stands_in(source, path, generation, digest)
    place = state if problem or is_ignored else _stored(state, kept or digest, f"{source} {path}")
    return FoundFile(source, path, place, digest, line["bytes"], is_ignored, None, problem, kept is not None)


def _stored(state: Path, digest: str, name: str) -> Path:
    path = store.stored(state, digest)
    if not path.exists():
        raise StateDamaged(f"{path.relative_to(state)}, the kept bytes of {name}, is missing; {BACKUP}")
    return path


def _whole(file: FoundFile) -> FoundFile:
    if not store.is_whole(file.absolute):
        raise StateDamaged(f"{file.absolute}, the kept bytes of {file.source} {file.path}, is damaged; {BACKUP}")
    return file


def _remarks(con: duckdb.DuckDBPyConnection, entry: Entry, then: Settings) -> Iterator[str]:
    read = {line["source"] for line in entry.files if line["kind"] == "read"}
    recipes = {line["declared"]["name"]: line["recipe"] for line in entry.declared}
    changed = sorted(
        source.name for source in then.sources if source.name in read and recipe(source) != recipes[source.name]
    )
    if changed:
        yield f"generation {entry.generation}: {', '.join(changed)} was read by another version of Faultlines"
    try:
        for _ in ledger.lines(entry.path):
            pass
    except LedgerDamaged as error:
        yield f"generation {entry.generation}: receipts/{error}; what they say of records is not compared"
        return
    otherwise, without = ledger.differences(con, entry.path)
    if otherwise or without:
        n = max(otherwise, without)
        yield f"generation {entry.generation}: {n} of its receipts say otherwise than the bytes that were kept"
