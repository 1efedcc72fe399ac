"""What `faultlines doctor` and `faultlines verify` look at: each finding is one thing, as it should be or not.

    machine.py   what the project stands on: packages, disk, the lock
    runs.py      Dagster runs whose process is dead
    in_place.py  no folder where a file of the state folder belongs
    kept.py      the state folder as it lies there: key, published files
    receipts.py  the receipts, each by itself
    proof.py     `verify`: store, receipts and warehouse against each other, byte by byte

Here: reading, and words that say what to do. Not here: how generations, receipts and the record store are written, and
rebuilding (rebuild.py). Doctor is quick on a small project; verify reads everything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.settings import Settings

BACKUP = "put it back from your backup"


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `fix` says what to do about one that is not good."""

    what: str
    is_good: bool
    detail: str
    fix: str = ""

    def row(self) -> dict:
        return asdict(self)

    def __str__(self) -> str:
        return f"ok  {self.what}: {self.detail}" if self.is_good else f"BAD {self.what}: {self.detail}; {self.fix}"


def good(what: str, detail: str) -> Finding:
    return Finding(what, True, detail)


def bad(what: str, detail: str, fix: str) -> Finding:
    return Finding(what, False, detail, fix)


def examine(settings: Settings) -> list[Finding]:
    """Everything doctor knows how to look at, in the order a person would."""
    from pipelines.health import in_place, kept, machine, runs

    if found := in_place.folders(settings.state):
        return [machine.packages(), machine.disk(settings), *found]
    return [
        machine.packages(),
        machine.disk(settings),
        machine.lock(settings.state),
        *runs.findings(settings.state),
        kept.key(settings.state),
        *kept.findings(settings.state),
    ]
