"""The list of what was forgotten: which ids never come back, and which bytes stand in for those that held them.

    {"record_id": "INC-7", "content_hashes": ["…"], "forgotten_at": "…", "places": [["payments", "INC-7.yml"]]}
    {"source": "payments", "path": "all.ndjson", "generation": 3, "sha256": "…", "kept": "…"}

Here: reading and writing `forgotten.ndjson` of the state folder, fsynced beside store and receipts. Not here: what a
stand-in holds (ingest/stand_in.py), the erasure itself (forget.py). The id stays, because it must be known again, and
the content hashes, because a copy of the record in a backup can be told by them; nothing else of it does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipelines.ingest import store
from pipelines.ingest.faults import Fault

FILE = "forgotten.ndjson"
CODE = "PM070"
Place = tuple[str, str]  # source and path
Reading = tuple[str, str, int]  # source, path and generation


def fault() -> Fault:
    """What a forgotten record is refused with, wherever it comes from."""
    return Fault(CODE, "the record with this id was forgotten and is not taken in again", "take it out of the file")


@dataclass
class Forgotten:
    """`ids` and `places` that were forgotten; `kept`: the hash of what stands in for a file as it was once read, `was`
    the hash of that file."""

    ids: frozenset[str] = frozenset()
    places: frozenset[Place] = frozenset()
    kept: dict[Reading, str] = field(default_factory=dict)
    was: dict[Reading, str] = field(default_factory=dict)

    def stands_in(self, source: str, path: str, generation: int, sha256: str) -> str | None:
        """The hash of what is read for a file of some delivery; None: the file itself is."""
        reading = (source, path, generation)
        return self.kept[reading] if self.was.get(reading) == sha256 else None

    def of_file(self, sha256: str) -> list[str]:
        """The hashes of everything that stands in for a file of this hash."""
        return [self.kept[reading] for reading, was in self.was.items() if was == sha256]


def load(state: Path) -> Forgotten:
    """The list as it is; empty where nothing was ever forgotten."""
    found = Forgotten()
    ids, places = set(), set()
    for line in _lines(state):
        if "record_id" in line:
            ids.add(line["record_id"])
            places |= {(source, path) for source, path in line["places"]}
        else:
            reading = (line["source"], line["path"], line["generation"])
            found.kept[reading], found.was[reading] = line["kept"], line["sha256"]
    found.ids, found.places = frozenset(ids), frozenset(places)
    return found


def add(state: Path, lines: Iterable[dict]) -> None:
    """Write more lines durably; of a reading the last one counts."""
    written = [*_lines(state), *lines]
    store.write_durably(state / FILE, (msgspec.json.encode(line) + b"\n" for line in written), mode=0o600)


def _lines(state: Path) -> list[dict]:
    try:
        return [msgspec.json.decode(line) for line in (state / FILE).read_bytes().splitlines()]
    except FileNotFoundError:
        return []
