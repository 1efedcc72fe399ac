"""Generations on disk: which one is published, how an attempt starts, how it becomes the next one.

    state/work/                  the attempt in hand: a copy of the published warehouse, appended to and rebuilt
    state/generations/000007/    warehouse.duckdb, parquet/, manifest.json; never written again
    state/CURRENT                the number of the published generation; replacing this file is the publication

Here: copies, hashes, renames. Not here: what is inside a warehouse. A killed attempt leaves `work/`, perhaps a folder
and a receipts file with a number above CURRENT: the next attempt removes them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.ingest import store
from pipelines.settings import Settings

ATTEMPT = "attempt.json"
MANIFEST = "manifest.json"
WAREHOUSE = "warehouse.duckdb"


class StateDamaged(Exception):
    """A piece of the state folder is missing or not what it was; the message says how to mend it. Exit code 3."""


class NothingPublished(Exception):
    """There is no published warehouse to read yet. Exit code 3."""


@dataclass(frozen=True)
class Attempt:
    """What one attempt makes: its number, when its files were received, and what it was made from."""

    generation: int
    received_at: datetime
    fingerprint: str

    @classmethod
    def load(cls, settings: Settings) -> Attempt:
        """The attempt in hand; FileNotFoundError where none was begun."""
        written = json.loads((settings.work / ATTEMPT).read_text())
        return cls(written["generation"], datetime.fromisoformat(written["received_at"]), written["fingerprint"])


def current(state: Path) -> int:
    """The number of the published generation, 0 where nothing has been published.

    Without CURRENT nothing was published only if at most a first attempt left something: StateDamaged otherwise, since
    to start anew would sweep away what is there.
    """
    numbers = [int(path.name) for path in (state / "generations").glob("*") if path.name.isdigit()]
    try:
        return int((state / "CURRENT").read_text())
    except FileNotFoundError:
        if max(numbers, default=0) <= 1:
            return 0
    except ValueError:
        pass
    raise StateDamaged(
        f"{state / 'CURRENT'} is missing or damaged; write the newest whole generation into it: {numbers}"
    )


def folder(state: Path, generation: int) -> Path:
    """Where a generation lives."""
    return state / "generations" / f"{generation:06d}"


def manifest(state: Path) -> dict | None:
    """The published generation's manifest, None where nothing has been published."""
    number = current(state)
    if not number:
        return None
    try:
        return json.loads((folder(state, number) / MANIFEST).read_text())
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise StateDamaged(
            f"generation {number} has no readable manifest; restore {folder(state, number)} from a backup, "
            f"or write the number of an older whole generation into {state / 'CURRENT'}"
        ) from error


def published(state: Path) -> tuple[Path, dict]:
    """The published warehouse and its manifest; NothingPublished says what to do."""
    known = manifest(state)
    if known is None:
        raise NothingPublished(f"{state} holds no published warehouse; `faultlines run` makes one")
    return folder(state, known["generation"]) / WAREHOUSE, known


def begin(settings: Settings, now: datetime, fingerprint: str) -> Attempt:
    """Clear what a dead attempt left and start a new one from a copy of the published warehouse.

    A clock set back does not set the warehouse back: an attempt is never received before the one it follows.
    """
    sweep(settings.state)
    settings.work.mkdir(parents=True)
    last = manifest(settings.state)
    if last:
        shutil.copyfile(folder(settings.state, last["generation"]) / WAREHOUSE, settings.warehouse)
        _check_copy(settings.warehouse, last)
        now = max(now, datetime.fromisoformat(last["received_at"]))
    attempt = Attempt((last or {"generation": 0})["generation"] + 1, now.astimezone(UTC), fingerprint)
    written = asdict(attempt) | {"received_at": attempt.received_at.isoformat()}
    (settings.work / ATTEMPT).write_text(json.dumps(written))
    return attempt


def _check_copy(copy: Path, last: dict) -> None:
    """StateDamaged unless the copy is the file that was published: what a disk has spoilt would be handed on under a
    new hash. 1 GB takes a second."""
    with open(copy, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != last["warehouse_sha256"]:
            raise StateDamaged(
                f"generation {last['generation']}: {WAREHOUSE} is not the file that was published; restore it from a "
                "backup, or write the number of an older whole generation into CURRENT"
            )


def sweep(state: Path) -> None:
    """Remove the attempt in hand, and the one generation and receipts file that a dead attempt can have left."""
    number = current(state)
    shutil.rmtree(state / "work", ignore_errors=True)
    for path in (state / "generations").glob("*"):
        if path.name.isdigit() and int(path.name) == number + 1:
            shutil.rmtree(path)
    for path in (state / "receipts").glob("*.ndjson"):
        if int(path.stem) == number + 1:
            path.unlink()


def publish(settings: Settings, attempt: Attempt, facts: dict) -> Path:
    """Make the closed warehouse in `work/` the published generation; returns its folder.

    `facts` (as-of, snapshot, row counts) go into the manifest beside the file's own hash.
    """
    keep_only(settings.work, (WAREHOUSE, "parquet"))
    warehouse = settings.warehouse
    with open(warehouse, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    written = facts | {
        "generation": attempt.generation,
        "received_at": attempt.received_at.isoformat(),
        "fingerprint": attempt.fingerprint,
        "warehouse_sha256": digest,
    }
    store.write_durably(settings.work / MANIFEST, (json.dumps(written, indent=1, sort_keys=True) + "\n").encode())
    target = folder(settings.state, attempt.generation)
    target.parent.mkdir(exist_ok=True)
    os.rename(settings.work, target)
    store.sync_folder(target.parent)
    store.write_durably(settings.state / "CURRENT", f"{attempt.generation}\n".encode())
    _prune(settings, attempt.generation)
    return target


def keep_only(work: Path, names: tuple[str, ...]) -> None:
    """Drop the attempt's scratch files."""
    for path in work.iterdir():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prune(settings: Settings, newest: int) -> None:
    for path in (settings.state / "generations").glob("*"):
        if path.name.isdigit() and int(path.name) <= newest - settings.keep_generations:
            shutil.rmtree(path)
