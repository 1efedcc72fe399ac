"""The bytes of files that hold a forgotten record, out of the record store; what else they hold stays, as a stand-in.

Here: for a delivery that has just been read, and for one file of an earlier one. Not here: what a stand-in is
(stand_in.py), the list of them (privacy/forgotten.py), everything else a record has left traces in (forget.py).

A delivered file is in the store from when it is read until this is done: a run killed in between leaves it there, and
the next one, which reads the file again, takes it away.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.ingest import store
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.deliver import Delivery, hand_on
from pipelines.ingest.find import FoundFile
from pipelines.ingest.stand_in import Writer
from pipelines.privacy import forgotten
from pipelines.settings import Source
from pipelines.warehouse import literal


def from_delivery(
    con: duckdb.DuckDBPyConnection, state: Path, delivery: Delivery, keeper: Gatekeeper, generation: int
) -> None:
    """Replace what a delivery has brought back; `con` holds what was read before it."""
    held = {reading.file.sha256 for reading in delivery.read if reading.holds_forgotten}
    if not held:
        return
    same = [reading for reading in delivery.read if reading.file.sha256 in held]  # under another name too
    scratch = delivery.folder / "stand_ins"
    forgotten.add(state, [replaced(state, each.source, each.file, keeper, generation, scratch, False) for each in same])
    gone = forgotten.load(state)
    for digest in held:
        named = f"SELECT source, path, generation FROM raw.files WHERE sha256 = {literal(digest)}"
        before = con.execute(named).fetchall()
        if all(gone.stands_in(*reading, digest) for reading in before):
            store.stored(state, digest).unlink(missing_ok=True)


def replaced(
    state: Path, source: Source, file: FoundFile, keeper: Gatekeeper, generation: int, scratch: Path, unnamed_too: bool
) -> dict:
    """Store what stands in for one file as it was read in one delivery; returns its line of the list."""
    writer = Writer(source, keeper, unnamed_too)
    hand_on(source, [file], {file.path: writer}, scratch)
    kept = writer.keep(state)
    return {
        "source": source.name, "path": file.path, "generation": generation, "sha256": file.sha256, "kept": kept,
    }  # fmt: skip
