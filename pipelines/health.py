"""What `faultlines doctor` looks at: each finding is one thing that is as it should be, or is not.

Here: reading, never mending. Not here: how generations, receipts and the record store are written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.ingest import people, store
from pipelines.publish import content, generations
from pipelines.settings import Settings
from pipelines.warehouse import connect

PACKAGES = ("duckdb", "dagster", "dbt-core", "dbt-duckdb", "great-expectations", "polars", "jsonschema-rs")
LEAST_FREE_BYTES = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    is_good: bool
    detail: str

    def row(self) -> dict:
        return asdict(self)

    def __str__(self) -> str:
        return f"{'ok ' if self.is_good else 'BAD'} {self.what}: {self.detail}"


def examine(settings: Settings) -> list[Finding]:
    """Everything doctor knows how to look at, in the order a person would."""
    findings = [Finding("versions", True, ", ".join(f"{name} {version(name)}" for name in PACKAGES)), _disk(settings)]
    manifest = generations.manifest(settings.state)
    if manifest is None:
        return [*findings, Finding("published warehouse", True, "none yet; `faultlines run` makes one")]
    warehouse = generations.folder(settings.state, manifest["generation"]) / generations.WAREHOUSE
    findings.append(_file(warehouse, manifest))
    if findings[-1].is_good:
        with connect(warehouse, read_only=True) as con:
            findings += [*_receipts(con, settings, manifest), _record_store(con, settings)]
            findings.append(Finding("content", True, content.overall(con)))
    return [*findings, _key(settings)]


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.file.parent).free
    return Finding("disk", free > LEAST_FREE_BYTES, f"{free // (1 << 20)} MiB free beside {settings.state.name}")


def _file(path: Path, manifest: dict) -> Finding:
    name = f"generation {manifest['generation']}"
    if not path.exists():
        return Finding(
            name,
            False,
            f"{path.name} is missing; restore it, or write an older whole generation's number into CURRENT",
        )
    with open(path, "rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == manifest["warehouse_sha256"]
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        return Finding(name, False, f"{wal.name} is there though nobody may write a published file")
    return Finding(
        name, same, "whole, as its manifest says" if same else f"{path.name} is not the file that was published"
    )


def _receipts(con: duckdb.DuckDBPyConnection, settings: Settings, manifest: dict) -> Iterator[Finding]:
    """Every receipt of every published generation must be in the tables, and the counts must add up."""
    kept = sorted((settings.state / "receipts").glob("*.ndjson"))
    lines = [
        # not splitlines(): a path may hold U+2028, at which that splits too
        [json.loads(line) for line in path.read_text().rstrip("\n").split("\n")]
        for path in kept
        if int(path.stem) <= manifest["generation"]
    ]
    receipted = sum(len(file) - 1 for file in lines)
    (in_tables,) = con.execute("SELECT count(*) FROM raw.receipts").fetchone()
    yield Finding(
        "receipts", receipted == in_tables, f"{receipted} in {len(lines)} files, {in_tables} in the warehouse"
    )
    wrong = [
        head["generation"]
        for head, *_ in lines
        if head["records"]["seen"] != sum(count for name, count in head["records"].items() if name != "seen")
    ]
    yield Finding(
        "accounting",
        not wrong,
        "seen = accepted + unchanged + duplicate + conflicted + quarantined" + (f" fails in {wrong}" if wrong else ""),
    )


def _record_store(con: duckdb.DuckDBPyConnection, settings: Settings) -> Finding:
    hashes = [row[0] for row in con.execute("SELECT DISTINCT file_sha256 FROM raw.revisions").fetchall()]
    missing = [digest for digest in hashes if not store.stored(settings.state, digest).exists()]
    return Finding(
        "record store", not missing, f"{len(hashes)} files kept" + (f", {len(missing)} missing" if missing else "")
    )


def _key(settings: Settings) -> Finding:
    path = settings.state / "key"
    if not path.exists():
        return Finding("pseudonym key", False, "missing; put it back from your backup")
    if path.stat().st_size != people.KEY_BYTES:
        return Finding("pseudonym key", False, "damaged; put it back from your backup")
    private = path.stat().st_mode & 0o077 == 0
    return Finding(
        "pseudonym key", private, "private" if private else f"{path.name} can be read by others; chmod 600 it"
    )
