"""Other people's reports for tests: read from the shared folder, mapped by the shipped mapping of their source.

Here: where the documents of each source are, and the two steps over them. Not here: assertions.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
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
def records(source: str, only: str | None = None) -> dict[str, dict]:
    """The source's real files, or the one at that path, as records by id."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as scratch:
        patch.setenv("FAULTLINES_DATA", str(DATA))
        chosen = settings.load(DECLARED)
        entry = chosen.by_name[source]
        found = [file for file in files_of(chosen, entry) if not file.ignored and only in (None, file.path)]
        return _records([thing for _, thing in map_files(entry, found, Path(scratch), Counter())])


def written(source: str, suffix: str = ".md", **texts: str) -> dict[str, dict]:
    """Invented documents, by file name without its suffix, as records of the source."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("FAULTLINES_DATA", folder)
        entry = settings.load(DECLARED).by_name[source]
        found = []
        for name, text in texts.items():
            path = Path(folder) / (name + suffix)
            path.write_text(text)
            found.append(FoundFile(source, path.name, path, "", 0, ignored=False))
        return _records([thing for _, thing in map_files(entry, found, Path(folder), Counter())])


def _records(found: list[Mapped | Fault]) -> dict[str, dict]:
    assert [str(thing) for thing in found if isinstance(thing, Fault)] == []
    return {row.id: row.record for row in found}
