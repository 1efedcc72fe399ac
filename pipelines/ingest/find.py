"""What is on disk: every file of every source, with its hash. The first thing a run does, and often the last.

Here: globbing, hashing, the fingerprint of all inputs. Not here: opening a file's content, DuckDB, Dagster.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import clock
from pipelines.settings import DBT_PROJECT, ROOT, SCHEMAS, Settings, Source

CODE = (
    ("pipelines", (".py", ".sql", ".j2", ".css")),
    ("dbt_project", (".sql", ".yml")),
    ("schemas", (".json", ".yml")),
)
READING = ("pipelines/ingest/", "pipelines/contract/", "schemas/sections", "schemas/d", "schemas/vocab", "schemas/req")


@dataclass(frozen=True)
class FoundFile:
    """One file: `path` is relative to its source's base, so that a moved folder is the same input."""

    source: str
    path: str
    absolute: Path
    sha256: str
    size: int
    ignored: bool


def find(settings: Settings) -> list[FoundFile]:
    """Every file the sources' globs match, ordered by source and path; a missing folder gives none."""
    own = (settings.state, settings.reports, settings.file)
    found = [file for source in settings.sources for file in _files(source, own)]
    return sorted(found, key=lambda file: (file.source, file.path))


def _files(source: Source, own: tuple[Path, ...]) -> Iterator[FoundFile]:
    _check_listable(source)
    for path in source.base.glob(source.pattern):
        if not path.is_file() or any(path.is_relative_to(place) for place in own):
            continue
        digest, size = _digest(path)
        yield FoundFile(
            source=source.name,
            # a name that is not UTF-8 is shown with its bytes escaped: it must be storable, and opened all the same
            path=os.fsencode(path.relative_to(source.base).as_posix()).decode("utf-8", "backslashreplace"),
            absolute=path,
            sha256=digest,
            size=size,
            ignored=any(fnmatch.fnmatch(path.name, pattern) for pattern in source.ignore),
        )


def _check_listable(source: Source) -> None:
    """OSError for a folder that cannot be listed: glob passes over it, and its records would count as removed."""

    def refuse(error: OSError) -> None:
        raise error

    if source.base.exists():
        for depth, _ in enumerate(os.walk(source.base, onerror=refuse)):
            if depth == 0 and "/" not in source.pattern and "**" not in source.pattern:
                break


def _digest(path: Path) -> tuple[str, int]:
    """The file's hash and size; a file that cannot be read has a hash of its own kind, and reading it will say why."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    except OSError as error:
        return f"unreadable: {error.strerror}", 0


def recipe(source: Source) -> str:
    """What turns a file of this source into records, as one hash: when it changes, every file is read again."""
    declared = [source.reader, source.time_zone, source.trusted_times, source.defaults]
    digest = hashlib.sha256(json.dumps(declared, sort_keys=True).encode())
    for path in filter(None, (source.mapping, *source.lookups)):
        digest.update(path.read_bytes())
    digest.update(code_version(READING).encode())
    return digest.hexdigest()[:16]


@cache
def code_version(only: tuple[str, ...] = ()) -> str:
    """A hash of the product's own files (those whose path starts with one of `only`, or all)."""
    digest = hashlib.sha256()
    for folder, suffixes in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in suffixes and not _generated(path) and (not only or name.startswith(only)):
                digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _generated(path: Path) -> bool:
    return (
        path.is_relative_to(DBT_PROJECT / "target")
        or path.is_relative_to(SCHEMAS / "generated")
        or path.name.startswith("_generated")
    )


def fingerprint(settings: Settings, files: list[FoundFile]) -> str:
    """One hash over all a run depends on: files, recipes, code. The same fingerprint means nothing to do.

    The ISO week is part of it: the first run of a week publishes what is known then, even if no file changed, so that
    Monday's page speaks as of Monday.
    """
    digest = hashlib.sha256(f"{code_version()} {clock.week_of(clock.now())}\n".encode())
    for source in settings.sources:
        digest.update(f"{source.name} {recipe(source)}\n".encode())
    for file in files:
        digest.update(f"{file.source}\0{file.path}\0{file.sha256}\0{file.ignored}\n".encode())
    return digest.hexdigest()
