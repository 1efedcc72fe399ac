"""What stands in for a file that held a forgotten record: everything else that the file gave, as the reader gave it.

    {"line": 3, "record": {…}, "unmapped": [["severity", "Lesser"]]}      before the contract and the pseudonyms
    {"line": 7, "record_id": null, "faults": [{"code": "PM011", …}]}      what was set aside, without its bytes
    {"line": 9, "forgotten": "INC-7"}
    {"skipped": 2}

Here: writing and reading it. It lies in the record store under its own hash; the file's bytes are deleted. One form for
every reader, because a row cannot be cut out of any CSV, Parquet or YAML and leave the rest as it was read. Prices: a
later version of the mapping or reader does not read the other records of such a file anew from their first bytes, and
what was set aside in it is kept as faults only.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import msgspec

from pipelines.ingest import store
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.privacy import forgotten
from pipelines.settings import Source


class Taker(Protocol):
    """Who is given what a file holds: a tally of a delivery, or the writer of a stand-in."""

    def admit(
        self, record: Any, line: int | None, positions: Callable, unmapped: Iterable[tuple[str, str]]
    ) -> None: ...

    def set_aside(self, faults: list[Fault], line: int | None, record_id: str | None) -> None: ...


def read(file: FoundFile, taker: Taker) -> int:
    """Hand on what a stand-in holds; returns how many documents or rows the source's `skip` had left out."""
    skipped = 0
    with open(file.absolute, "rb") as lines:
        for written in lines:
            row = msgspec.json.decode(written)
            if "record" in row:
                taker.admit(row["record"], row["line"], dict, [tuple(pair) for pair in row["unmapped"]])
            elif "faults" in row:
                taker.set_aside([Fault(**fault) for fault in row["faults"]], row["line"], row["record_id"])
            elif "forgotten" in row:
                taker.set_aside([forgotten.fault()], row["line"], row["forgotten"])
            skipped += row.get("skipped", 0)
    return skipped


class Writer:
    """What a file gives, written down as it is handed on; `unnamed_too` also leaves out what was set aside without an
    id: in a file that held the record it may be the record."""

    def __init__(self, source: Source, keeper: Gatekeeper, unnamed_too: bool) -> None:
        self.source, self.keeper, self.unnamed_too = source, keeper, unnamed_too
        self.skipped = 0
        self._rows: list[bytes] = []

    def admit(self, record: Any, line: int | None, positions: Callable, unmapped: Iterable = ()) -> None:
        written = msgspec.json.encode({"line": line, "record": record, "unmapped": list(unmapped)})
        found = self.keeper.admit(self.source, record, positions)
        if isinstance(found, Admitted):
            self._rows.append(written)
        else:
            self.set_aside(found[0], line, found[1])

    def set_aside(self, faults: list[Fault], line: int | None, record_id: str | None) -> None:
        if any(fault.code == forgotten.CODE for fault in faults) or (record_id is None and self.unnamed_too):
            row = {"line": line, "forgotten": record_id}
        else:
            row = {"line": line, "record_id": record_id, "faults": [self._clean(fault) for fault in faults]}
        self._rows.append(msgspec.json.encode(row))

    def _clean(self, fault: Fault) -> dict:
        said = asdict(fault)
        return said | {name: said[name] and self.keeper.clean(said[name]) for name in ("message", "fix", "field")}

    def keep(self, state: Path) -> str:
        """Store it; returns its hash."""
        rows = [*self._rows, *([msgspec.json.encode({"skipped": self.skipped})] if self.skipped else [])]
        return store.keep(state, io.BytesIO(b"".join(row + b"\n" for row in rows)))
