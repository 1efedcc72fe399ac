"""Records that are very large, or very many of one: bounded memory and time, nothing lost.

In a process of its own, so that its memory is its own. Small in the suite. Not here: very many records (benchmarks/).
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

from tests.battery import WHOLE
from tests.projects import Project, record

BYTES, EVENTS, REVISIONS = (6_000_000, 10_000, 1_000) if WHOLE else (600_000, 1_000, 100)
# 2026-11-25: whole 210 MB and 1.2 s of CPU, small 170 MB and 0.7 s
MOST_MB, MOST_SECONDS = (400, 20) if WHOLE else (250, 10)
INGEST = """
import json, resource, sys
from pathlib import Path
from tests.projects import Project

summary = Project(Path(sys.argv[1])).ingest()
used = resource.getrusage(resource.RUSAGE_SELF)
# not ru_maxrss, which a process takes over from the one that started it
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([summary["records"], int(peak.split()[1]) // 1024, used.ru_utime + used.ru_stime]))
"""


class Done(NamedTuple):
    records: dict
    megabytes: int
    seconds: float


def test_a_huge_record_one_of_very_many_events_and_very_many_revisions_of_one_go_in(project: Project) -> None:
    prose = "It broke: “ä”, and broke again.\n" * (BYTES // 37)
    project.write("huge.yml", record(1, communication={"technical_findings": prose}))
    events = [{"at": f"2026-05-04T06:{n // 60 % 60:02d}:{n % 60:02d}Z", "event": f"Step {n}"} for n in range(EVENTS)]
    project.write("events.json", json.dumps(record(2, timeline=events)))
    revisions = (json.dumps(record(3, revision=n, title=f"Draft {n}")) for n in range(1, REVISIONS + 1))
    project.write("revisions.ndjson", "\n".join(revisions))
    done = _ingest(project)
    assert done.records["accepted"] == done.records["seen"] == 2 + REVISIONS
    kept = project.query("select len(communication_technical_findings) from raw.records where record_id like '%00001'")
    assert kept == [(len(prose),)]
    assert project.query("select count(*), count(distinct event) from raw.timeline") == [(EVENTS, EVENTS)]
    kept = "select count(*), count(distinct title), max(revision) from raw.records where record_id like '%00003'"
    assert project.query(kept) == [(REVISIONS, REVISIONS, REVISIONS)]
    assert (done.megabytes < MOST_MB, done.seconds < MOST_SECONDS) == (True, True), done


def test_a_text_of_a_hundred_megabytes_is_refused_without_being_held(project: Project) -> None:
    size = 100_000_000 if WHOLE else 40_000_000
    for name, begin in (("a.yml", b"a: "), ("b.json", b'{"a": "'), ("c.ndjson", b'{"a": "'), ("d.md", b"---\na: ")):
        project.write(name, begin + b"x" * size)
    project.write("good.yml", record(1))
    done = _ingest(project)
    assert (done.records["accepted"], done.records["quarantined"]) == (1, 4)
    assert project.query("select distinct code, line from raw.quarantine") == [("PM005", 1)]
    # 2026-11-25: 143 MB, whatever the size
    assert (done.megabytes < 190, done.seconds < MOST_SECONDS) == (True, True), done


def _ingest(project: Project) -> Done:
    words = [sys.executable, "-c", INGEST, str(project.home)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return Done(*json.loads(done.stdout))
