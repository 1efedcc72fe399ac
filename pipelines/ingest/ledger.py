"""What a generation's receipts file says, line by line: enough, with the record store, to load that delivery again.

    {"generation": 7, "records": {…}, …}                  first: the run's summary
    {"declared": {…}, "files": {…}, "recipe": "…"}        a source as it was declared, its SQL and lists by hash
    {"kind": "read", "path": "…", "sha256": "…", …}       a file that was read, ignored or found gone
    {"outcome": "accepted", "record_id": "…", …}          a record handed in, and what became of it

Here: writing and reading these lines. Not here: making them durable (store.py), loading them (publish/restore.py).
Lines of files and records are written by DuckDB: a million as Python dicts are a GB.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec

from pipelines.ingest import store
from pipelines.ingest.find import recipe
from pipelines.settings import Settings, Source
from pipelines.warehouse import literal

# A file that could not be opened has no bytes to read again: why not is kept instead.
FILES = """
SELECT f.bytes, f.kind, f.path, CASE WHEN q.code IS NOT NULL THEN {code: q.code, message: q.message, fix: q.fix} END
  AS problem, f.sha256, f.source
FROM raw.files AS f LEFT JOIN raw.quarantine AS q
  ON (q.generation, q.source, q.path) = (f.generation, f.source, f.path) AND f.sha256 LIKE 'unreadable:%'
WHERE f.generation = {generation} ORDER BY f.source, f.path"""
# In the order of the table, which append.sql has sorted.
RECORDS = """
SELECT line, outcome, path, record_id, revision_id, source FROM raw.receipts WHERE generation = {generation}"""

SHAPE = {"line": "INTEGER"} | dict.fromkeys(("outcome", "path", "record_id", "revision_id", "source"), "VARCHAR")


# What a summary counts, for whoever adds it up.
COUNTS = {
    "records": ("seen", "accepted", "unchanged", "duplicate", "conflicted", "quarantined"),
    "files": ("read", "removed", "ignored"),
}


class LedgerDamaged(Exception):
    """A receipts file is missing or not what was written; the message names file and line. Exit code 3."""


@dataclass
class Entry:
    """One receipts file without its records. `declared` is empty in one written before 2026-11-25."""

    path: Path
    summary: dict
    declared: list[dict] = field(default_factory=list)
    files: list[dict] = field(default_factory=list)

    @property
    def generation(self) -> int:
        return int(self.path.stem)

    @property
    def received_at(self) -> datetime:
        return datetime.fromisoformat(self.summary["received_at"])

    @property
    def names_files(self) -> bool:
        """Whether the delivery can be loaded again from this entry."""
        counts = self.summary["files"]
        return bool(self.declared) or not (counts["read"] or counts["removed"] or counts["ignored"])


def write(con: duckdb.DuckDBPyConnection, state: Path, summary: dict, declared: Iterable[dict], scratch: Path) -> None:
    """Write the receipts of the delivery that has just been loaded as generation `summary["generation"]`."""
    parts = []
    for name, sql in (("files", FILES), ("records", RECORDS)):
        parts.append(scratch / f"ledger_{name}.ndjson")
        query = sql.replace("{generation}", str(summary["generation"]))
        con.execute(f"COPY ({query}) TO {literal(str(parts[-1]))} (FORMAT json)")
    store.write_receipts(state, summary["generation"], _pieces((summary, *declared), parts))


def declared(settings: Settings) -> list[dict]:
    """A line for each source, after its SQL and lists have been kept as its records are."""
    return [
        {"declared": entry, "files": _kept(settings.state, source), "recipe": recipe(source)}
        for entry, source in zip(settings.declared, settings.sources, strict=True)
    ]


def _pieces(first: Iterable[dict], parts: list[Path]) -> Iterator[bytes]:
    for content in first:
        yield json.dumps(content, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    for part in parts:
        with open(part, "rb") as file:
            while piece := file.read(store.PIECE):
                yield piece


def _kept(state: Path, source: Source) -> dict:
    def keep(path: Path) -> str:
        with open(path, "rb") as file:
            return store.keep(state, file)

    lists = {"lookups": source.lookups, "word_files": source.word_files}
    one = {"mapping": keep(source.mapping)} if source.mapping else {}
    return one | {name: [keep(path) for path in paths] for name, paths in lists.items() if paths}


def paths(state: Path) -> dict[int, Path]:
    """Every receipts file by its generation, in order."""
    return {int(path.stem): path for path in sorted((state / "receipts").glob("[0-9]*.ndjson")) if path.stem.isdigit()}


def entry(path: Path) -> Entry:
    """A receipts file up to its first record."""
    rows = lines(path)
    found = Entry(path, next(rows))
    for line in rows:
        if "outcome" in line:
            break
        (found.declared if "declared" in line else found.files).append(line)
    kinds = [line["kind"] for line in found.files]
    if found.declared and any(found.summary["files"][kind] != kinds.count(kind) for kind in ("read", "removed")):
        raise LedgerDamaged(f"{path.name} does not name every file that it counts")
    return found


def lines(path: Path) -> Iterator[dict]:
    """Each line of a receipts file, the summary first; LedgerDamaged names the first that is not what was written."""
    number = 0
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                content = msgspec.json.decode(line)
                if not line.endswith(b"\n") or not isinstance(content, dict):
                    raise ValueError
                if not (_is_summary(content) if number == 1 else _is_entry(content)):
                    raise ValueError
                yield content
    except FileNotFoundError:
        raise LedgerDamaged(f"{path.name} is missing") from None
    except (ValueError, msgspec.DecodeError, RecursionError):
        raise LedgerDamaged(f"{path.name}:{number} is not a line that was written") from None
    if not number:
        raise LedgerDamaged(f"{path.name} is empty")


def _is_summary(content: dict) -> bool:
    counted = {part: content.get(part) for part in COUNTS}
    return isinstance(content.get("received_at"), str) and all(
        isinstance(counted[part], dict) and all(isinstance(counted[part].get(name), int) for name in names)
        for part, names in COUNTS.items()
    )


def _is_entry(content: dict) -> bool:
    """Of a source, a file or a record: what it says it is decides what is read of it."""
    return isinstance(content.get("declared"), dict) or isinstance(content.get("outcome", content.get("kind")), str)


def differences(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[int, int]:
    """Of one generation: receipts that raw.receipts does not hold or holds otherwise, and rows without a receipt."""
    written = f"SELECT * FROM read_json({literal(str(path))}, format = 'newline_delimited', columns = {SHAPE})"
    receipted = f"{written} WHERE outcome IS NOT NULL"
    there = RECORDS.replace("{generation}", str(int(path.stem)))
    # sums first: which rows they are takes a million rows 800 MB, and most often there are none
    sums = "SELECT count(*), sum(hash(line, outcome, path, record_id, revision_id, source)) FROM ({})"
    if con.execute(sums.format(receipted)).fetchone() == con.execute(sums.format(there)).fetchone():
        return 0, 0
    sql = "SELECT (SELECT count(*) FROM ({} EXCEPT ALL {})), (SELECT count(*) FROM ({} EXCEPT ALL {}))"
    return con.execute(sql.format(receipted, there, there, receipted)).fetchone()
