"""Other people's reports for tests: read from the shared folder, mapped by the shipped mapping of their source.

Here: where the documents of each source are, and the two steps over them. Not here: assertions.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import yaml

from pipelines.ingest.mapping import map_documents
from pipelines.ingest.readers import markdown

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "examples/sources"
DATA = Path(os.environ.get("FAULTLINES_SHARED", ROOT.parent / "shared")) / "data"
Read = tuple[list[dict], list[dict]]


def declared(source: str) -> dict:
    """The source's entry in examples/sources/faultlines.yml."""
    entries = yaml.safe_load((SOURCES / "faultlines.yml").read_text())["sources"]
    return next(entry for entry in entries if entry["name"] == source)


@cache
def read(source: str) -> Read:
    """Documents and blocks of the source's real files, as its declaration finds them."""
    entry = declared(source)
    folder, _, pattern = entry["glob"].removeprefix("${FAULTLINES_DATA}/").partition("/")
    documents, blocks = [], []
    for path in sorted((DATA / folder).glob(pattern)):
        if path.is_file() and not any(fnmatch(path.name, ignored) for ignored in entry["ignore"]):
            document, rows = markdown.read(path.relative_to(DATA / folder).as_posix(), path.read_bytes())
            documents.append(document)
            blocks += rows
    return documents, blocks


@cache
def records(source: str) -> dict[str, dict]:
    """The source's real files as records, by id."""
    return mapped(source, *read(source))


def written(source: str, **texts: str) -> dict[str, dict]:
    """Invented documents, by file name without its suffix, as records of the source."""
    read_each = [markdown.read(f"{name}.md", text.encode()) for name, text in texts.items()]
    return mapped(source, [document for document, _ in read_each], [row for _, rows in read_each for row in rows])


def mapped(source: str, documents: list[dict], blocks: list[dict]) -> dict[str, dict]:
    entry = declared(source)
    lookups = {Path(name).stem: SOURCES / name for name in entry["lookups"]}
    rows, faults = map_documents(SOURCES / entry["mapping"], lookups, documents, blocks)
    assert faults == []
    return {row.id: row.record for row in rows}
