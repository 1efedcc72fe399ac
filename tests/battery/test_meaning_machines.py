"""Section B, machines: the zone, the threads and the order of the files of a machine change no byte.

Here: raw tables and findings in the suite; the whole way, page included, in the whole battery. Not here: facts.json
alone, in two zones, of thirty drafts (tests/integration/test_whole_way.py); the facts of a warehouse by hand
(tests/unit/test_report_facts.py).
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from pipelines.publish import content, generations
from pipelines.settings import ROOT
from pipelines.warehouse import connect
from tests.battery import WHOLE
from tests.projects import Project, record

MACHINES = ("UTC", "America/St_Johns", "Pacific/Apia")
NOW = "2026-11-23T06:00:00Z"
PAGE = ("facts.json", "weekly.md", "weekly.html")


def small(home: Path, seed: int) -> Project:
    """Worked records, drafts with times of every kind, a bullet of a foreign document, and what is set aside; written
    in an order of its own, with the key that makes the pseudonyms the same."""
    project = Project(home)
    project.declare([
        {"name": "own", "glob": "records/**/*", "reader": "native", "time_zone": "Europe/Copenhagen"},
        {"name": "other", "glob": "other/*", "reader": "markdown", "mapping": "other.sql"},
    ])  # fmt: skip
    (home / "other.sql").write_text(
        "SELECT path, path AS id, {title: title, timeline: list_transform(timeline(path, ['Timeline'], 'Asia/Tokyo', "
        "NULL), lambda e: {'at': e['at'], event: e.event})} AS record FROM documents"
    )
    texts = {f"records/{path.name}": path.read_bytes() for path in (ROOT / "examples/records").glob("*.yml")}
    texts |= {f"records/{number}.json": json.dumps(record(number)).encode() for number in range(12)}
    for number, text in enumerate(
        ["2026-03-29 01:59", "2026-11-15 23:30", "2026-11-16T00:30", "2026-10", "2026-11-15"]
    ):
        chronology = {"impact_started_at": text, "detected_at": "2026-11-16T01:00+01:00"}
        texts[f"records/n{number}.json"] = json.dumps(record(50 + number, chronology=chronology)).encode()
    texts["records/spoilt.yml"] = b"id: ["
    texts["other/a.md"] = b"# Slow\n\n## Timeline\n\n- 2026-11-16 08:10 It began\n- 23:50 It ended\n"
    for name in Random(seed).sample(sorted(texts), len(texts)):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_bytes(texts[name])
    project.settings.state.mkdir()
    (project.settings.state / "key").write_bytes(b"k" * 32)
    return project


# a process of its own: the zone of a machine is read once
AS_FAR_AS_FINDINGS = """
import json, sys
from pathlib import Path
from pipelines.publish import content, generations
from pipelines.quality import gate
from pipelines.warehouse import connect
from tests.projects import Project

project = Project(Path(sys.argv[1]))
summary = project.ingest()
path, _ = generations.published(project.settings.state)
with connect(path) as con:
    gate.apply_rules(con)
    print(json.dumps([summary, content.hashes(con)]))
"""


def test_raw_tables_and_findings_are_the_same_bytes_on_three_machines(tmp_path: Path) -> None:
    found = []
    # a file, not -c: DuckDB takes that for somebody at a prompt, and draws its progress among the figures when slow
    script = tmp_path / "as_far_as_findings.py"
    script.write_text(AS_FAR_AS_FINDINGS)
    for seed, zone in enumerate(MACHINES):
        machine = {"TZ": zone, "FAULTLINES_THREADS": str(1 + seed % 2), "FAULTLINES_NOW": NOW, "PYTHONPATH": str(ROOT)}
        home = small(tmp_path / str(seed), seed).home
        words = [sys.executable, str(script), str(home)]
        done = subprocess.run(words, cwd=ROOT, env=os.environ | machine, capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        found.append(json.loads(done.stdout))
    assert found[0][0]["records"]["quarantined"] == 1 and found[0][0]["records"]["accepted"] > 20
    assert found[1:] == [found[0]] * 2


@pytest.mark.skipif(not WHOLE, reason="twelve runs: only in the whole battery; two of them are in test_whole_way.py")
def test_the_whole_way_gives_the_same_bytes_in_every_zone_order_and_number_of_threads(tmp_path: Path) -> None:
    found = {}
    for seed, (zone, order, threads) in enumerate(itertools.product(MACHINES, (1, 2), ("1", "2"))):
        project = small(tmp_path / str(seed), order)
        done = project.run("run", TZ=zone, FAULTLINES_THREADS=threads, FAULTLINES_NOW=NOW)
        assert done.returncode == 0, done.stderr
        path, _ = generations.published(project.settings.state)
        with connect(path, read_only=True) as con:
            hashes = content.hashes(con)
        (week,) = project.settings.reports.iterdir()
        found[zone, order, threads] = (hashes, {name: (week / name).read_bytes() for name in PAGE})
    first = found["UTC", 1, "1"]
    assert {machine: same for machine, each in found.items() if (same := each != first)} == {}
