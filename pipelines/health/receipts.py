"""The receipts, each by itself: there, whole line by line, and adding up.

Here: what the files say. Not here: whether the warehouse says the same (proof.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipelines.health import BACKUP, Finding, bad, good
from pipelines.ingest import ledger, store
from pipelines.ingest.ledger import Entry, LedgerDamaged

PARTS = ledger.COUNTS["records"][1:]
MOST_NAMED = 3


def findings(state: Path, last: int) -> tuple[list[Finding], int]:
    """What is to be said of the receipts up to generation `last`, and how many records they are for."""
    there = {number: path for number, path in ledger.paths(state).items() if number <= last}
    found, total, old = list(_missing(state, set(there), last)), 0, []
    for number, path in there.items():
        try:
            entry, counted = _read(path)
        except LedgerDamaged as error:
            found.append(bad("receipts", f"receipts/{error}", BACKUP))
            continue
        total += sum(counted[part] for part in PARTS)
        if not _adds_up(entry, counted):
            detail = f"receipts/{entry.path.name} does not add up: seen = {' + '.join(PARTS)}, a line for each file"
            found.append(bad("accounting", detail, BACKUP))
        if not entry.names_files:
            old.append(number)
    if not found:
        found.append(good("receipts", f"of {total} records in {last} generations, and they add up"))
        if old:
            detail = f"those up to generation {old[-1]} do not name the files that were read"
            found.append(good("rebuild", f"{detail}: keep backups of a whole generation"))
    return found, total


def _missing(state: Path, there: set[int], last: int) -> Iterator[Finding]:
    """The first few by name: where CURRENT is what is wrong, all of thousands seem to be missing."""
    for number in islice((number for number in range(1, last + 1) if number not in there), MOST_NAMED):
        yield bad("receipts", f"receipts/{store.receipts_file(state, number).name} is missing", BACKUP)
    more = last - len(there) - MOST_NAMED
    if more > 0:
        yield bad("receipts", f"{more} more are missing up to generation {last}, which CURRENT names", BACKUP)


def _read(path: Path) -> tuple[Entry, Counter]:
    rows = ledger.lines(path)
    entry, counted = Entry(path, next(rows)), Counter()
    for line in rows:
        if "declared" in line:
            entry.declared.append(line)
        else:
            counted[line.get("outcome") or line.get("kind")] += 1
    return entry, counted


def _adds_up(entry: Entry, counted: Counter) -> bool:
    """`unchanged` and `quarantined` count files that were not read again, too."""
    said, files = entry.summary["records"], entry.summary["files"]
    return (
        said["seen"] == sum(said[part] for part in PARTS)
        and all(said[part] == counted[part] for part in ("accepted", "duplicate", "conflicted"))
        and all(said[part] >= counted[part] for part in ("unchanged", "quarantined"))
        and (not entry.declared or all(files[kind] == counted[kind] for kind in ("read", "removed")))
    )
