"""Files through a reader and a mapping, for tests: what came out, and what was set aside.

Not here: assertions, and the contract.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import Mapped, map_files
from pipelines.settings import Source


def map_paths(
    mapping: Path, paths: list[Path], reader: str = "markdown", skipped: Counter[str] | None = None, **declared
) -> tuple[list[Mapped], list[tuple[str, Fault]]]:
    """What a mapping makes of files, each under its own name; `declared` are further fields of a Source."""
    source = Source("tried", Path(), "*", reader, mapping=mapping, **declared)
    found = [FoundFile("tried", path.name, path, "", 0, ignored=False) for path in paths]
    with tempfile.TemporaryDirectory() as scratch:
        results = list(map_files(source, found, Path(scratch), Counter() if skipped is None else skipped))
    mapped = [thing for _, thing in results if isinstance(thing, Mapped)]
    return mapped, [(path, thing) for path, thing in results if isinstance(thing, Fault)]


def map_texts(
    folder: Path, sql: str, texts: dict[str, str | bytes], reader: str = "markdown", **declared
) -> tuple[list[Mapped], list[tuple[str, Fault]]]:
    """The same for a mapping and files that are written into `folder` first, each name without a folder."""
    (folder / "m.sql").write_text(sql)
    paths = []
    for name, text in texts.items():
        paths.append(folder / name)
        paths[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    return map_paths(folder / "m.sql", paths, reader, **declared)
