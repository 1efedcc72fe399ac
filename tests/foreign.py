"""Other people's reports for tests, real ones of the shared folder and invented ones, as examples/real declares them.

Here: where the documents of each source are, and the two steps over them. Not here: mappings of a test's own
(mapped.py), assertions.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipelines import settings
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.mapping import Mapped, map_files
from pipelines.ingest.readers import markdown

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "examples/sources"
DECLARED = ROOT / "examples/real/faultlines.yml"
DATA = Path(os.environ.get("FAULTLINES_SHARED", ROOT.parent / "shared")) / "data"
Read = tuple[list[dict], list[dict]]


def declared(source: str) -> dict:
    """The source's entry in examples/real/faultlines.yml."""
    entries = yaml.safe_load(DECLARED.read_text())["sources"]
    return next(entry for entry in entries if entry["name"] == source)


@cache
def read(source: str) -> Read:
    """Documents and blocks of the source's real files, as its declaration finds them."""
    entry = declared(source)
    folder, _, pattern = entry["glob"].removeprefix("${FAULTLINES_DATA}/").partition("/")
    documents, blocks = [], []
    for path in sorted((DATA / folder).glob(pattern)):
        if path.is_file() and not any(fnmatch(path.name, ignored) for ignored in entry.get("ignore", [])):
            document, rows = markdown.read(path.relative_to(DATA / folder).as_posix(), path.read_bytes())
            documents.append(document)
            blocks += rows
    return documents, blocks


@cache
def mapped(source: str, only: str | None = None) -> list[Mapped]:
    """The source's real files, or the one at that path, as its declaration maps them."""
    with _declared_over(DATA) as chosen:
        entry = chosen.by_name[source]
        found = [file for file in files_of(chosen, entry) if not file.ignored and only in (None, file.path)]
        return _mapped(entry, found)


@cache
def records(source: str, only: str | None = None) -> dict[str, dict]:
    """The same as records by id."""
    return {row.id: row.record for row in mapped(source, only)}


def mapped_texts(source: str, **texts: str) -> list[Mapped]:
    """Invented files, by name without a suffix, as the source's declaration maps them."""
    with tempfile.TemporaryDirectory() as folder, _declared_over(Path(folder)) as chosen:
        found = []
        for name, text in texts.items():
            path = Path(folder) / f"{name}.md"
            path.write_text(text)
            found.append(FoundFile(source, path.name, path, "", 0, ignored=False))
        return _mapped(chosen.by_name[source], found)


def written(source: str, **texts: str) -> dict[str, dict]:
    """The same as records by id."""
    return {row.id: row.record for row in mapped_texts(source, **texts)}


@contextmanager
def _declared_over(folder: Path) -> Iterator[settings.Settings]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_DATA", str(folder))
        yield settings.load(DECLARED)


def _mapped(source: settings.Source, files: list[FoundFile]) -> list[Mapped]:
    with tempfile.TemporaryDirectory() as scratch:
        found = [thing for _, thing in map_files(source, files, Path(scratch), Counter())]
    assert [str(thing) for thing in found if isinstance(thing, Fault)] == []
    return found
