"""Spoilt files through the true path (reader, mapping, gate, rows of a delivery), and one table of what came of them.

    python -m tests.battery.mutants [FIRST LAST]      mutants of these numbers; `make mutants` makes 300,000

A mutant is its number: which delivery it is made of and what is done to it follow from that alone, so that a range can
be made again, and a long run goes on where another was ended. Two processes. Ends with 1 where anything is wrong.
Here: making them, and what must hold of each. Not here: valid files (deliveries.py), ways of spoiling (mutating.py).

Of a record that is taken every field must have a place, too: that is how `check` shows a broken rule. Of mapped files
many go through one mapping, as in a run, beside one that is right and must come out as it always does; a batch that
raises or is slow is halved until the mutant stands alone with it.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import msgspec

from pipelines.checking.places import Written
from pipelines.contract import bundle
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.deliver import read_source
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.readers import json_strict
from pipelines.ingest.readers.text import decode, field_name
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from tests.battery.deliveries import Delivery, deliveries
from tests.battery.mutating import mutant

ALL = 300_000
AT_ONCE = 3_000  # numbers a process takes at a time
BATCH = 100  # files a mapping reads at once: opening its database costs as much as some hundred records
MOST_SECONDS = 1.0
WITHOUT_LINES = {"PM019", "PM060", "PM064"}  # of a name, a zip, a Parquet file
CODE = re.compile(r"PM[01]\d\d")
Rows = dict[str, list[tuple[str, dict]]]  # path → (table, row)


@dataclass
class Tally:
    """What came of the mutants of one delivery. `wrong`: at most some sentences, each with its mutant's number."""

    mutants: int = 0
    refused: int = 0
    faults: int = 0
    placed: int = 0
    located: int = 0
    compared: int = 0
    worst: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.worst = max(self.worst, other.worst)
        for name in ("mutants", "refused", "faults", "placed", "located", "compared"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong = (self.wrong + other.wrong)[:50]


def tallies(first: int, last: int) -> dict[str, Tally]:
    """The mutants with these numbers, the last left out."""
    found = {delivery.name: Tally() for delivery in deliveries()}
    waiting: dict[str, dict[int, bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last):
            delivery, data = make(number)
            if delivery.suffix in (".json", ".ndjson", ".jsonl"):
                _compare(data, number, found[delivery.name])
            batch = waiting.setdefault(delivery.name, {})
            batch[number] = data
            if delivery.mapping is None or len(batch) == BATCH:
                found[delivery.name].add(_through(delivery, waiting.pop(delivery.name), Path(folder)))
        for name, batch in waiting.items():
            delivery = next(one for one in deliveries() if one.name == name)
            found[name].add(_through(delivery, batch, Path(folder)))
    return found


def make(number: int) -> tuple[Delivery, bytes]:
    """The mutant of this number and the delivery it is made of."""
    by_share = [delivery for delivery in deliveries() for _ in range(delivery.share)]
    delivery = by_share[number % len(by_share)]
    chance = random.Random(number)
    return delivery, mutant(chance, chance.choice(delivery.files))


def _through(delivery: Delivery, batch: dict[int, bytes], folder: Path) -> Tally:
    """One batch read as one delivery; in halves where it raises or takes too long."""
    # asking for CPU time can cost more than reading a small file: only of a batch, or again of what was slow
    clock = time.process_time if delivery.mapping else time.perf_counter
    rows, error, took = _read(delivery, batch, folder, clock)
    if took > MOST_SECONDS and not delivery.mapping:
        rows, error, took = _read(delivery, batch, folder, time.process_time)
    if len(batch) > 1 and (error or took > MOST_SECONDS):
        tally, numbers = Tally(), sorted(batch)
        half = len(numbers) // 2
        for part in (numbers[:half], numbers[half:]):
            tally.add(_through(delivery, {number: batch[number] for number in part}, folder))
        return tally
    tally = Tally(len(batch), worst=took / len(batch))
    if error or took > MOST_SECONDS:
        tally.wrong.append(f"mutants {sorted(batch)} of {delivery.name}: {error or f'{took:.1f} s'}")
    if not error:
        _judge(delivery, batch, rows, tally)
    return tally


def _read(delivery: Delivery, batch: dict[int, bytes], folder: Path, clock) -> tuple[Rows, str, float]:
    """The rows, what was raised, and how long it took beyond the opening of the mapping's database."""
    began = clock()
    try:
        rows, error = _rows(delivery, batch, folder), ""
    except Exception:
        rows, error = {}, traceback.format_exc(limit=-3)
    took = clock() - began
    return rows, error, max(0.0, took - _right(delivery.name)[1]) if delivery.mapping else took


def _rows(delivery: Delivery, batch: dict[int, bytes], folder: Path) -> Rows:
    """The rows of a delivery by path: as a run would load them."""
    written = {f"{number}{delivery.suffix}": data for number, data in batch.items()}
    if delivery.mapping:
        written["good" + delivery.suffix] = delivery.files[0]
        (folder / "mapping.sql").write_text(delivery.mapping)
    mapping = folder / "mapping.sql" if delivery.mapping else None
    source = Source("tried", folder, "*", delivery.reader, mapping=mapping, time_zone="UTC", **delivery.declared)
    found, rows = [], {name: [] for name in written}
    for name, data in written.items():
        (folder / name).write_bytes(data)
        found.append(FoundFile("tried", name, folder / name, "", len(data), ignored=False))

    def note(kind: str, row: dict) -> None:
        rows[row["path"]].append((kind, row))

    try:
        read_source(source, found, _keeper(), _as_it_is, folder, note)
        if not delivery.mapping:
            for file in found:
                rows[file.path] += _places(source, file, [row for kind, row in rows[file.path] if kind == "incoming"])
    finally:
        for name in written:
            (folder / name).unlink()
    return rows


def _places(source: Source, file: FoundFile, taken: list[dict]) -> list[tuple[str, dict]]:
    """Where `check` would show each field of the records that were taken, were a rule to name it."""
    written = Written(source, file)
    return [
        ("place", {"line": line, "column": column, "field": name, "code": "PM100", "message": "-", "fix": "-"})
        for row in taken
        for name in _fields(msgspec.json.decode(row["record"]), ())
        for line, column in (written.place(row["line"], row["record_id"], name or ""),)
    ]


def _fields(value: object, path: tuple) -> Iterator[str | None]:
    yield field_name(path)
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield from _fields(child, (*path, step))


def _judge(delivery: Delivery, batch: dict[int, bytes], rows: Rows, tally: Tally) -> None:
    for number, data in batch.items():
        found = rows[f"{number}{delivery.suffix}"]
        faults = [row for kind, row in found if kind == "faults"]
        tally.refused += bool(faults)
        tally.faults += len(faults)
        wrong = [said for row in faults if (said := _misplaced(row, data))]
        tally.placed += len(faults) - len(wrong)
        wrong += _miscounted(found)
        wrong += [said for kind, row in found if kind == "incoming" and (said := _unfit(row))]
        places = [row for kind, row in found if kind == "place"]
        wrong += [said for row in places if (said := _misplaced(row, data) or _placeless(row))]
        tally.located += len(places)
        tally.wrong += [f"mutant {number} of {delivery.name}: {said}" for said in wrong]
    if delivery.mapping:
        digests = sorted(row["content_hash"] for kind, row in rows["good" + delivery.suffix] if kind == "incoming")
        if digests != _right(delivery.name)[0]:
            tally.wrong.append(f"beside mutants {sorted(batch)} of {delivery.name} the good file came out otherwise")


def _misplaced(row: dict, data: bytes) -> str | None:
    """What a refusal lacks: its code, what is wrong, how to mend it, a place inside the file, its field."""
    if not (CODE.fullmatch(row["code"]) and row["message"] and row["fix"]):
        return f"says too little: {row}"
    if "PM020" <= row["code"] <= "PM027" and not row["field"]:
        return f"names no field: {row}"
    if row["code"] in WITHOUT_LINES:
        return None
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if not row["line"] or not 1 <= row["line"] <= len(lines):
        return f"lies outside its file: {row}"
    # in bytes, of which a line has no fewer than characters
    if row["column"] and not 1 <= row["column"] <= len(lines[row["line"] - 1]) + 1:
        return f"lies outside its line: {row}"
    return None


def _placeless(row: dict) -> str | None:
    """Every field that was taken was written somewhere."""
    return None if row["column"] else f"has no place: {row}"


def _miscounted(found: list[tuple[str, dict]]) -> list[str]:
    (close,) = (row for kind, row in found if kind == "read_now")
    records = sum(kind == "incoming" for kind, _ in found)
    aside = len({row["record_n"] for kind, row in found if kind == "faults"})
    return [] if (close["records"], close["quarantined"]) == (records, aside) else [f"is miscounted: {close}"]


def _unfit(row: dict) -> str | None:
    """A record that was taken must fit the contract as it is kept, too."""
    record = msgspec.json.decode(row["record"])
    return None if _keeper().contract.is_valid(record) else f"was taken, and does not fit as kept: {record}"


def _compare(data: bytes, number: int, tally: Tally) -> None:
    """The quick way through JSON against the careful one: the same value of the same types, or the same fault."""
    try:
        text = decode(data)
    except Fault:
        return
    tally.compared += 1
    quick, careful = (_outcome(load, text) for load in (json_strict.load, json_strict._load_carefully))
    if quick != careful:
        tally.wrong.append(f"mutant {number}: quickly {quick[:200]}, carefully {careful[:200]}")


def _outcome(load, text: str) -> str:
    try:
        return repr(load(text, 1))
    except Fault as fault:
        return f"{fault!r}"


@cache
def _keeper() -> Gatekeeper:
    return Gatekeeper(Contract(bundle.load()), b"mutants' pseudonyms match nothing")


@cache
def _right(name: str) -> tuple[list[str], float]:
    """The hashes of the records of a delivery's first file, read alone, and the CPU seconds that takes."""
    delivery = next(one for one in deliveries() if one.name == name)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        rows = _rows(delivery, {}, Path(folder))["good" + delivery.suffix]
        took = time.process_time() - began
    digests = sorted(row["content_hash"] for kind, row in rows if kind == "incoming")
    if len(digests) != delivery.records:
        raise ValueError(f"{name} is no valid delivery: {rows}")
    return digests, took


def _as_it_is(file: FoundFile) -> FoundFile:
    """In place of the record store, which syncs every file to disk."""
    return file


def table(found: dict[str, Tally]) -> str:
    """The table, and below it every sentence on what is wrong."""
    whole = Tally()
    for tally in found.values():
        whole.add(tally)
    lines = [
        f"{'':20} {'mutants':>8} {'refused':>8} {'accepted':>8} {'worst ms':>8} {'placed':>7} {'located':>10} "
        f"{'JSON twice':>10}"
    ]
    for name, tally in (found | {"all": whole}).items():
        placed = f"{100 * tally.placed / tally.faults:.1f} %" if tally.faults else "-"
        lines.append(
            f"{name:20} {tally.mutants:8,} {tally.refused:8,} {tally.mutants - tally.refused:8,} "
            f"{1000 * tally.worst:8.0f} {placed:>7} {tally.located:10,} {tally.compared:10,}"
        )
    return "\n".join(lines + whole.wrong)


def main(words: list[str]) -> int:
    first, last = (int(word.replace(",", "")) for word in words) if words else (0, ALL)
    found = {delivery.name: Tally() for delivery in deliveries()}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(tallies, at, min(at + AT_ONCE, last)) for at in range(first, last, AT_ONCE)]
        for part in as_completed(parts):
            for name, tally in part.result().items():
                found[name].add(tally)
            print(f"{sum(tally.mutants for tally in found.values()):,} of {last - first:,}", file=sys.stderr)
    print(f"mutants {first:,} to {last:,}\n{table(found)}")
    return 1 if any(tally.wrong for tally in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
