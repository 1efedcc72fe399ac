"""A mapping of examples/sources over files, with the words shipped beside it, for tests.

Not here: mappings of a test's own (mapped.py).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.ingest.mapping import Mapped
from tests.mapped import map_paths

SOURCES = Path(__file__).parents[1] / "examples/sources"


def map_shipped(source: str, reader: str, paths: list[Path]) -> list[Mapped]:
    """What it makes of files; a file that is refused fails the test."""
    words = (SOURCES / f"{source}_words.csv",)
    mapped, faults = map_paths(SOURCES / f"{source}.sql", paths, reader, word_files=words)
    assert faults == []
    return mapped


def map_text(folder: Path, source: str, reader: str, text: str) -> list[Mapped]:
    """The same for one file that is written first."""
    (folder / "one").write_text(text)
    return map_shipped(source, reader, [folder / "one"])
