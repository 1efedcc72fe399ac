"""What is on disk: every file of every source, with its hash. The first thing a run does, and often the last.

Here: globbing, the fingerprint of all inputs. Not here: hashing (seen.py), what is in a file, DuckDB, Dagster. A zip
that the glob matches is the folder it holds: each of its files is one file, `exports.zip/2024/a.md`.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath

from pipelines import clock
from pipelines.authors_files import UNFINISHED
from pipelines.ingest import files, seen
from pipelines.ingest.faults import Fault
from pipelines.ingest.seen import Memory, unreadable
from pipelines.privacy.cleaning import blank, may_hold_secrets
from pipelines.settings import DBT_PROJECT, ROOT, SCHEMAS, Settings, Source

CODE = (
    ("pipelines", (".py", ".sql", ".j2", ".css")),
    ("dbt_project", (".sql", ".yml")),
    ("schemas", (".json", ".yml")),
)
READING = (
    "pipelines/ingest/", "pipelines/contract/", "pipelines/privacy/",
    "schemas/sections", "schemas/d", "schemas/v", "schemas/req", "schemas/secrets", "schemas/names",
)  # fmt: skip
# what it points at may be anybody's: a key of this machine's user, read, kept and published
LEADS_OUT = Fault(
    "PM001", "this is a link that leads out of the source's folder", "put the file itself there, or point `glob` at it"
)

# passed over in silence, a record behind a link to what is not mounted today would count as removed
NO_FILE = Fault(
    "PM001",
    "there is no file to read here: a link that leads nowhere, a pipe or a device",
    "put the file itself there, or leave the name out with `ignore`",
)


@dataclass(frozen=True)
class FoundFile:
    """One file: `path` is relative to its source's base, so that a moved folder is the same input.

    `member` is its name inside the zip `absolute`, None for a file of its own. `problem` is why it cannot be opened.
    `is_stand_in`: `absolute` is what was kept of it when a record in it was forgotten (stand_in.py).
    """

    source: str
    path: str
    absolute: Path
    sha256: str
    size: int
    ignored: bool
    member: str | None = None
    problem: Fault | None = None
    is_stand_in: bool = False


def find(settings: Settings) -> list[FoundFile]:
    """Every file the sources' globs match, ordered by source and path; a missing folder gives none."""
    found = [file for source in sorted(settings.sources, key=lambda s: s.name) for file in files_of(settings, source)]
    seen.of(settings.state).keep()
    return found


def files_of(settings: Settings, source: Source) -> list[FoundFile]:
    """The files of one source, by path."""
    own = (settings.state, settings.reports, settings.file)
    found = sorted(_files(source, own, seen.of(settings.state)), key=lambda file: file.path)
    return _without_addresses(found) if may_hold_secrets("\n".join(file.path for file in found).encode()) else found


def _without_addresses(found: list[FoundFile]) -> list[FoundFile]:
    """Names are kept and shown wherever a record comes from. Two that are the same without what was cut out are
    numbered, in their order."""
    taken: Counter[str] = Counter()
    shown = []
    for file in found:
        suffix = PurePath(file.path).suffix
        stem = blank(file.path.removesuffix(suffix))
        taken[stem + suffix] += 1
        number = taken[stem + suffix]
        shown.append(replace(file, path=stem + (f" ({number})" if number > 1 else "") + suffix))
    return shown


def _files(source: Source, own: tuple[Path, ...], memory: Memory) -> Iterator[FoundFile]:
    _check_listable(source)
    for path in source.base.glob(source.pattern):
        if path.is_dir() or path.name.startswith(UNFINISHED) or any(path.is_relative_to(place) for place in own):
            continue
        # a name that is not UTF-8 is shown with its bytes escaped: it must be storable, and opened all the same
        name = os.fsencode(path.relative_to(source.base).as_posix()).decode("utf-8", "backslashreplace")
        if fault := _not_to_be_opened(source, path):
            is_ignored = _is_ignored(source, path.name)
            yield FoundFile(source.name, name, path, unreadable(fault), 0, is_ignored, problem=fault)
        elif path.suffix.lower() == files.ZIP and not _is_ignored(source, path.name):
            yield from _members(source, memory, path, name)
        else:
            yield _file(source, memory, path, name, None, path.name)


def _not_to_be_opened(source: Source, path: Path) -> Fault | None:
    if not path.is_file():
        return NO_FILE
    return None if path.resolve().is_relative_to(source.base.resolve()) else LEADS_OUT


def _members(source: Source, memory: Memory, path: Path, name: str) -> Iterator[FoundFile]:
    try:
        found = files.members(path)
    except Fault as fault:
        yield FoundFile(source.name, name, path, unreadable(fault), 0, ignored=False, problem=fault)
        return
    for info in found:
        label = info.filename.encode("utf-8", "backslashreplace").decode()
        yield _file(source, memory, path, f"{name}/{label}", info.filename, label.rsplit("/", 1)[-1])


def _file(source: Source, memory: Memory, path: Path, name: str, member: str | None, own_name: str) -> FoundFile:
    digest, size, problem = memory.digest(path, member)
    return FoundFile(source.name, name, path, digest, size, _is_ignored(source, own_name), member, problem)


def _is_ignored(source: Source, name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in source.ignore)


def _check_listable(source: Source) -> None:
    """OSError for a folder that cannot be listed: glob passes over it, and its records would count as removed."""

    def refuse(error: OSError) -> None:
        raise error

    if source.base.exists():
        for depth, _ in enumerate(os.walk(source.base, onerror=refuse)):
            if depth == 0 and "/" not in source.pattern and "**" not in source.pattern:
                break


def recipe(source: Source) -> str:
    """What turns a file of this source into records, as one hash: when it changes, every file is read again."""
    digest = hashlib.sha256(json.dumps(source.declared, sort_keys=True).encode())
    for path in filter(None, (source.mapping, *source.lookups, *source.word_files)):
        digest.update(path.read_bytes())
    digest.update(code_version(READING).encode())
    return digest.hexdigest()[:16]


@cache
def code_version(only: tuple[str, ...] = ()) -> str:
    """A hash of the product's own files (whose path starts with one of `only`; or all, and the versions it needs)."""
    digest = hashlib.sha256(b"" if only else (ROOT / "requirements.lock").read_bytes())
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
    for one in (*settings.line_names, *settings.exposures):
        digest.update(json.dumps(one, sort_keys=True).encode())
    for file in files:
        digest.update(f"{file.source}\0{file.path}\0{file.sha256}\0{file.ignored}\n".encode())
    return digest.hexdigest()
