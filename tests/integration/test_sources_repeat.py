"""The same content from five sources in five formats, whatever the order of writing, the zone and the threads."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
import yaml

from pipelines import warehouse
from pipelines.publish import content, generations
from tests.projects import Project, record

ROWS = """SELECT ticket AS id, path, min(item) AS item, {title: ticket, timeline: list(
    {'at': instant(day_first("at"), "at", NULL), event: state} ORDER BY "at", state)} AS record
    FROM rows GROUP BY ticket, path"""
DATA = """SELECT text_at(data, '$.id') AS id, path, item, {title: 'x', scope: {services: texts_at(data, '$.tags')},
    severity: our_word('severity', text_at(data, '$.level'))} AS record FROM documents"""
TEXT = """SELECT title AS id, path, {title: title, timeline: list_transform(
    timeline(path, ['Timeline'], NULL, NULL), lambda e: {'at': e['at'], event: e.event})} AS record FROM documents"""
# The bytes of a CSV differ with the order of its rows, and so do places in it.
PLACES = {f'raw."{name}"' for name in ("files", "revisions", "carriage", "receipts")}


def _source(name: str, glob: str, reader: str, **more: object) -> dict:
    return {"name": name, "glob": glob, "reader": reader, "mapping": f"{name}.sql", "time_zone": "Europe/Berlin"} | more


def _project(home: Path, seed: int) -> Project:
    """Thirty records of each document format and twenty in a CSV; `seed` shuffles files and rows."""
    project, dice = Project(home), random.Random(seed)
    groups = [[f"C-{n};0{day}.0{1 + n % 9}.2026 10:{n:02};state {day}" for day in (1, 2, 3)] for n in range(20)]
    dice.shuffle(groups)
    texts = {
        "rows/a.csv": "\n".join(["ticket;at;state", *(row for group in groups for row in group), ""]),
        **{f"docs/{n}.json": json.dumps({"id": f"J-{n}", "tags": ["b", "a"], "level": f"L{n % 3}"}) for n in range(30)},
        **{f"docs/{n}.yaml": f"id: Y-{n}\nlevel: l1\n" for n in range(30)},
        **{f"docs/{n}.md": f"# M-{n}\n\n## Timeline\n\n- 2026-01-0{1 + n % 9} 10:00 Began\n" for n in range(30)},
        **{f"records/{n}.yml": yaml.safe_dump(record(n)) for n in range(30)},
    } | {"rows.sql": ROWS, "json.sql": DATA, "yaml.sql": DATA, "text.sql": TEXT}
    for name in dice.sample(sorted(texts), len(texts)):
        path = home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(texts[name])
    project.declare(
        [
            {"name": "own", "glob": "records/*", "reader": "native"},
            _source("rows", "rows/*", "csv", delimiter=";", group_by="ticket"),
            _source("json", "docs/*.json", "json", words={"severity": {"L1": "sev1", "L2": "sev2"}}),
            _source("yaml", "docs/*.yaml", "yaml", words={"severity": {"L1": "sev1"}}),
            _source("text", "docs/*.md", "markdown"),
        ]
    )
    return project


def _hashes(project: Project, monkeypatch: pytest.MonkeyPatch, zone: str, threads: int) -> dict[str, str]:
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("FAULTLINES_THREADS", str(threads))
    time.tzset()
    summary = project.ingest()["records"]
    assert (summary["accepted"], summary["quarantined"]) == (140, 0)
    path, _ = generations.published(project.settings.state)
    with warehouse.connect(path, read_only=True) as con:
        return {table: digest for table, digest in content.hashes(con).items() if table not in PLACES}


def test_shuffles_zones_and_threads_change_no_content_of_any_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", "2026-11-16T06:00:00Z")
    first = _hashes(_project(tmp_path / "a", 1), monkeypatch, "UTC", 2)
    assert _hashes(_project(tmp_path / "b", 2), monkeypatch, "Asia/Kolkata", 1) == first
    assert _hashes(_project(tmp_path / "c", 3), monkeypatch, "America/New_York", 4) == first
