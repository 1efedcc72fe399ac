"""`faultlines check` and a run say the same of the same files; the hook of pre-commit, and watching, as people do it.

Here: what only shows beside a run or in a process of its own. Not here: what check finds and how it says it
(tests/unit/test_check.py).
"""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue

import duckdb
import yaml

from pipelines.checking.check import check
from pipelines.ingest.chosen import choose
from pipelines.publish import generations
from pipelines.quality import record_quality, rules
from pipelines.settings import ROOT
from tests.mutated.making import WAYS, files, mutants
from tests.projects import NATIVE, Project, record
from tests.unit.test_fault_codes import WRITTEN, text

BIN = Path(sys.executable).parent
LARGE = {"PM005", "PM008"}  # the reading is the same, and takes a second each
FAULTS = [code for code in WRITTEN if (code < "PM050" or code == "PM060") and code not in LARGE]
PATIENCE_SECONDS = 120


def test_a_check_names_the_code_field_and_line_that_quarantine_and_findings_hold(project: Project) -> None:
    """Every fault a native file can have, and many broken rules: through a run's ingestion and gate, and a check."""
    zoned = NATIVE | {"time_zone": "Europe/Copenhagen"}
    project.declare([zoned, {"name": "bare", "glob": "bare/*", "reader": "native"}])
    for code in FAULTS:
        entry = WRITTEN[code]
        folder = "../bare/" if code == "PM040" else ""
        data = text(code, "fails").encode(entry.get("saved_as", "utf-8"))
        project.write(folder + code + entry.get("file", ".yml"), data)
    files(project.home / "records", mutants(len(WAYS), 9))
    project.write("two.ndjson", "\n".join(json.dumps(record(n, title="Human error")) for n in (1, 2)))
    project.ingest()
    found = check(choose([], project.settings), is_whole=True).problems
    aside = project.query('SELECT path, line, "column", code, field, message, fix, record_id FROM raw.quarantine')
    said = [(p.file[1], p.line, p.column, p.code, p.field, p.message, p.fix, p.record_id) for p in found]
    assert sorted((one for one in said if one[3] < "PM100"), key=str) == sorted(aside, key=str)
    assert {one[3] for one in aside} >= set(FAULTS)
    broken = sorted((p.record_id, p.code, p.field, p.message) for p in found if p.code > "PM100")
    assert broken == judged(project) and len(broken) > 30


def judged(project: Project) -> list[tuple]:
    """What a run's gate finds in what was ingested."""
    path, _ = generations.published(project.settings.state)
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"ATTACH '{path}' AS held (READ_ONLY); COPY FROM DATABASE held TO memory")
        record_quality.apply(con, rules.load())
        return sorted(con.execute("SELECT record_id, rule, field, message FROM quality.findings").fetchall())


def test_the_hook_of_pre_commit_looks_at_records_and_stops_a_commit_that_spoils_one(project: Project) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["language"]) == ("faultlines-check", "python")
    for path, is_record in {
        "records/INC-1.yml": True, "team/incidents/2026/a.md": True, "records/evidence/log.csv": False,
        "faultlines.yml": False, ".github/workflows/test.yml": False,
    }.items():  # fmt: skip
        assert bool(re.search(hook["files"], path)) == is_record, path
    project.write("good.yml", record(1))
    project.write("spoilt.yml", record(2, severity="high"))
    command, *words = shlex.split(hook["entry"])
    ended = subprocess.run(
        [BIN / command, *words, "records/good.yml", "records/spoilt.yml"], cwd=project.home, capture_output=True,
        text=True, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "records/spoilt.yml:" in ended.stdout and "error[PM022]" in ended.stdout and "\x1b" not in ended.stdout


def test_watching_checks_again_when_a_file_changes_and_ends_on_an_interrupt(project: Project) -> None:
    project.write("a.yml", record(1, severity="high"))
    with subprocess.Popen(
        [BIN / "faultlines", "check", "records", "--watch"], cwd=project.home, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    ) as watching:  # fmt: skip
        lines: Queue[str] = Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in watching.stdout], daemon=True).start()
        try:
            assert "1 record checked: 1 error" in until(lines, "watching")
            project.write("a.yml", record(1))
            project.write("b.yml", record(2))
            assert "2 records checked: 0 errors" in until(lines, "2 records")
            watching.send_signal(signal.SIGINT)
            assert watching.wait(PATIENCE_SECONDS) == 0
        finally:
            watching.kill()


def until(lines: Queue[str], words: str) -> str:
    """What is printed up to a line with these words."""
    said = ""
    while words not in said:
        said += lines.get(timeout=PATIENCE_SECONDS)
    return said
