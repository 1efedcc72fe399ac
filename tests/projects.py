"""Projects for tests: a folder with a faultlines.yml and records, and the steps of a run one at a time.

Not here: assertions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines import clock, settings, warehouse
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.run import ingest
from pipelines.publish import generations

NATIVE = {"name": "own", "glob": "records/**/*", "reader": "native", "time_zone": "UTC"}
CATEGORIES = ("service_degradation", "data_quality_anomaly", "model_performance_regression")


def worked_records(state: Path) -> settings.Settings:
    """The bundled project with the worked records alone; the organisation beside them is there after `make run`."""
    bundled = settings.load(settings.ROOT / "faultlines.yml")
    return replace(bundled, state=state, declared=bundled.declared[:1])


def named_files(node: Any) -> Iterator[tuple[str, str]]:
    """(path, sha256) of every file a record names."""
    if isinstance(node, dict):
        for path, digest in (("path", "sha256"), ("history", "history_sha256")):
            if path in node:
                yield node[path], node[digest]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from named_files(child)


def record(number: int, **changes) -> dict:
    """A draft with the seven fields a draft needs, its place and time following from its number."""
    day, hour = 1 + number % 28, number % 24
    month = 1 + number % 10
    return {
        "schema_version": "1.1",
        "id": f"INC-2026-{number:05d}",
        "title": f"Scores late in region {number % 7}",
        "stage": "draft",
        "category": CATEGORIES[number % 3],
        "severity": f"sev{1 + number % 4}",
        "scope": {"summary": f"Requests of region {number % 7}"},
        "chronology": {
            "impact_started_at": f"2026-{month:02d}-{day:02d}T{hour:02d}:10Z",
            "detected_at": f"2026-{month:02d}-{day:02d}T{hour:02d}:40Z",
            "resolved_at": f"2026-{month:02d}-{day:02d}T{hour:02d}:55Z",
        },
    } | changes


@dataclass
class Project:
    """One project folder."""

    home: Path

    def __post_init__(self) -> None:
        if not (self.home / "faultlines.yml").exists():
            (self.home / "records").mkdir(parents=True, exist_ok=True)
            self.declare([NATIVE])

    def declare(self, sources: list[dict], **others) -> None:
        (self.home / "faultlines.yml").write_text(yaml.safe_dump({"sources": sources} | others, sort_keys=False))

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.home / "faultlines.yml")

    def write(self, name: str, content: dict | str | bytes) -> Path:
        """A file under records/: a dict as YAML, text and bytes as they are."""
        path = self.home / "records" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True) if isinstance(content, dict) else content
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def ingest(self) -> dict:
        """One attempt as far as the raw tables, published without models: enough for what ingestion promises."""
        chosen = self.settings
        attempt = generations.begin(chosen, clock.now(), fingerprint(chosen, find(chosen)))
        with warehouse.connect(chosen.warehouse) as con:
            summary = ingest(con, chosen, attempt)
            con.execute("CHECKPOINT")
        generations.publish(chosen, attempt, {"as_of": attempt.received_at.isoformat()})
        return summary

    def query(self, sql: str) -> list[tuple]:
        """Rows of the published warehouse."""
        path, _ = generations.published(self.settings.state)
        with duckdb.connect(str(path), read_only=True) as con:
            con.execute("SET TimeZone = 'UTC'")
            return con.execute(sql).fetchall()

    def run(self, *words: str, prefix: Sequence[str] = (), **environment: str) -> subprocess.CompletedProcess:
        """The command line in a process of its own; `prefix` goes before it (taskset)."""
        return subprocess.run(
            [*prefix, sys.executable, "-m", "pipelines.cli", *(words or ("run",)), "--project", str(self.home)],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
