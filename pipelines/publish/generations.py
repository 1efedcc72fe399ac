"""Generations on disk: which one is published, how an attempt starts, how it becomes the next one.

    state/work/                  the attempt in hand: a copy of the published warehouse, appended to and rebuilt
    state/generations/000007/    warehouse.duckdb, parquet/ (parts that did not change
                                 are the last generation's files, linked), manifest.json; never written again
    state/CURRENT                the number of the published generation; replacing this file is the publication
    state/receipts/000007.json   the manifest once more, kept for ever: which receipts count when all else is lost

Here: copies, hashes, renames. Not here: what is inside a warehouse. A killed attempt leaves `work/`, perhaps a folder
and a receipts file with a number above CURRENT: the next attempt removes them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.ingest import store
from pipelines.ingest.find import code_version
from pipelines.settings import Settings

ATTEMPT = "attempt.json"
MANIFEST = "manifest.json"
WAREHOUSE = "warehouse.duckdb"
REBUILD = "run `faultlines rebuild`"


class StateDamaged(Exception):
    """A piece of the state folder is missing or not what it was; the message says how to mend it. Exit code 3."""


class NothingPublished(Exception):
    """There is no published warehouse to read yet. Exit code 3."""


@dataclass(frozen=True)
class Attempt:
    """What one attempt makes: its number, when its files were received, what it was made from, and whether verdicts and
    models are made anew for every record or only for those that a change reaches."""

    generation: int
    received_at: datetime
    fingerprint: str
    is_full: bool = True

    @classmethod
    def load(cls, settings: Settings) -> Attempt:
        """The attempt in hand; FileNotFoundError where none was begun."""
        written = json.loads((settings.work / ATTEMPT).read_text())
        return cls(**written | {"received_at": datetime.fromisoformat(written["received_at"])})


def current(state: Path) -> int:
    """The number of the published generation, 0 where nothing has been published.

    Without CURRENT nothing was published only if at most a first attempt left something: StateDamaged otherwise, since
    to start anew would sweep away what is there. So would a run that follows a CURRENT of before what is noted as
    published.
    """
    try:
        number = int((state / "CURRENT").read_text())
        if number >= max([1, *noted(state)]):
            return number
    except FileNotFoundError:
        if not noted(state) and max(numbers(state), default=0) <= 1:
            return 0
    except ValueError:
        pass
    newest = max(numbers(state), default=None)
    way = f"write {newest}, the newest generation, into it, or run `faultlines rebuild`" if newest else REBUILD
    raise StateDamaged(f"{state / 'CURRENT'} is missing or damaged; {way}")


def numbers(state: Path) -> list[int]:
    """The generations whose folders are there, published or left by a dead attempt."""
    return sorted(int(path.name) for path in (state / "generations").glob("*") if path.name.isdigit())


def noted(state: Path) -> list[int]:
    """The generations of which it is noted beside their receipts that they were published."""
    return sorted(int(path.stem) for path in (state / "receipts").glob("*.json") if path.stem.isdigit())


def note(state: Path, number: int) -> Path:
    """Where it is noted that a generation was published: a copy of its manifest."""
    return state / "receipts" / f"{number:06d}.json"


def last_published(state: Path) -> int:
    """The generation whose receipts are the last that count, whatever has become of CURRENT and the folders."""
    try:
        return max([int((state / "CURRENT").read_text()), *noted(state)])
    except (FileNotFoundError, ValueError):
        whole = [number for number in numbers(state) if (folder(state, number) / MANIFEST).exists()]
        # of before 2026-11-25, when nothing was noted, the receipts themselves
        receipted = [int(path.stem) for path in (state / "receipts").glob("*.ndjson")]
        return max([*noted(state), *whole] or receipted, default=0)


def folder(state: Path, generation: int) -> Path:
    """Where a generation lives."""
    return state / "generations" / f"{generation:06d}"


def manifest(state: Path) -> dict | None:
    """The published generation's manifest, None where nothing has been published."""
    number = current(state)
    if not number:
        return None
    try:
        found = json.loads((folder(state, number) / MANIFEST).read_text())
        received = datetime.fromisoformat(found["received_at"])
        if found["generation"] == number and found["warehouse_sha256"] and received.tzinfo:
            return found
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise StateDamaged(
        f"generation {number} has no readable manifest; {REBUILD}, or restore {folder(state, number)} from a backup"
    )


def published(state: Path) -> tuple[Path, dict]:
    """The published warehouse and its manifest; NothingPublished says what to do."""
    known = manifest(state)
    if known is None:
        raise NothingPublished(f"{state} holds no published warehouse; `faultlines run` makes one")
    return folder(state, known["generation"]) / WAREHOUSE, known


def begin(settings: Settings, now: datetime, fingerprint: str, is_full: bool = False) -> Attempt:
    """Clear what a dead attempt left and start a new one from a copy of the published warehouse.

    A clock set back does not set the warehouse back: an attempt is never received before the one it follows. What
    another version of the code has modelled is not gone on with: the attempt is full.
    """
    last = manifest(settings.state)
    if not last:
        return begin_empty(settings, 0, now, fingerprint)
    number = last["generation"]
    if not note(settings.state, number).exists():
        _note(settings.state, number)  # the run that published it died before it could
    now = max(now, datetime.fromisoformat(last["received_at"]))
    attempt = begin_empty(settings, number, now, fingerprint, is_full or last.get("code_version") != code_version())
    _copy_checked(folder(settings.state, number) / WAREHOUSE, settings.warehouse, last)
    return attempt


def begin_empty(
    settings: Settings, after: int, received_at: datetime, fingerprint: str, is_full: bool = True
) -> Attempt:
    """Clear what a dead attempt left and start the one that follows generation `after`, without a warehouse."""
    sweep(settings.state, after)
    settings.work.mkdir(parents=True)
    attempt = Attempt(after + 1, received_at.astimezone(UTC), fingerprint, is_full)
    written = asdict(attempt) | {"received_at": attempt.received_at.isoformat()}
    (settings.work / ATTEMPT).write_text(json.dumps(written))
    return attempt


def _copy_checked(published: Path, copy: Path, last: dict) -> None:
    """StateDamaged unless the file is the one that was published: what a disk has spoilt would be handed on under a
    new hash. Hashed beside the copying: a GB takes either of them a second."""
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(_sha256, published)
        shutil.copyfile(published, copy)
    if digest.result() != last["warehouse_sha256"]:
        raise StateDamaged(
            f"generation {last['generation']}: {WAREHOUSE} is not the file that was published; "
            "`faultlines rebuild` makes it anew"
        )


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(state: Path, number: int | None = None) -> None:
    """Remove the attempt in hand, and the one generation and receipts file that a dead attempt can have left behind
    generation `number`, the published one."""
    after = (current(state) if number is None else number) + 1
    shutil.rmtree(state / "work", ignore_errors=True)
    if folder(state, after).exists():
        shutil.rmtree(folder(state, after))
    for path in (store.receipts_file(state, after), note(state, after)):
        path.unlink(missing_ok=True)


def publish(settings: Settings, attempt: Attempt, facts: dict) -> Path:
    """Make the closed warehouse in `work/` the published generation; returns its folder.

    `facts` (as-of, snapshot, row counts) go into the manifest beside the file's own hash.
    """
    keep_only(settings.work, (WAREHOUSE, "parquet"))
    warehouse = settings.warehouse
    digest = _sha256(warehouse)
    with open(warehouse, "rb") as file:
        os.fsync(file.fileno())
    written = facts | {
        "generation": attempt.generation,
        "received_at": attempt.received_at.isoformat(),
        "fingerprint": attempt.fingerprint,
        "warehouse_sha256": digest,
    }
    as_text = json.dumps(written, indent=1, sort_keys=True) + "\n"
    store.write_durably(settings.work / MANIFEST, (as_text.encode(),))
    target = folder(settings.state, attempt.generation)
    target.parent.mkdir(exist_ok=True)
    os.rename(settings.work, target)
    store.sync_folder(target.parent)
    store.write_durably(settings.state / "CURRENT", (f"{attempt.generation}\n".encode(),))
    _note(settings.state, attempt.generation)
    _prune(settings, attempt.generation)
    return target


def _note(state: Path, number: int) -> None:
    note(state, number).parent.mkdir(exist_ok=True)
    store.write_durably(note(state, number), ((folder(state, number) / MANIFEST).read_bytes(),))


def keep_only(work: Path, names: tuple[str, ...]) -> None:
    """Drop the attempt's scratch files."""
    for path in work.iterdir():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prune(settings: Settings, newest: int) -> None:
    for path in (settings.state / "generations").glob("*"):
        if path.name.isdigit() and int(path.name) <= newest - settings.keep_generations:
            shutil.rmtree(path)
