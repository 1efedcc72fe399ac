"""Doctor's findings about the machine: the lock, dead runs, packages, disk. Damage to what is kept: tests/battery."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipelines import health, warehouse
from pipelines.health import kept, machine, proof, receipts, runs
from pipelines.ingest import store
from tests.projects import Project, record

SLEEPER = """
import fcntl, sys, time
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def sleeper(project: Project):
    """A live process that holds the lock of the project's state folder."""
    state = project.settings.state
    state.mkdir()
    process = subprocess.Popen([sys.executable, "-c", SLEEPER, str(state / "lock")], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_a_lock_that_nobody_holds_is_free_whatever_pid_it_names(project: Project) -> None:
    with warehouse.writing(project.settings.state, None):
        pass
    (project.settings.state / "lock").write_text(f"{dead_pid()}\n")
    found = machine.lock(project.settings.state)
    assert found.is_good and "free" in found.detail


def test_a_live_holder_of_the_lock_is_named_with_its_command(project: Project, sleeper: subprocess.Popen) -> None:
    (project.settings.state / "lock").write_text(f"{sleeper.pid}\n")
    found = machine.lock(project.settings.state)
    assert found.is_good and f"PID {sleeper.pid}" in found.detail and "LOCK_EX" in found.detail


def test_a_lock_held_by_what_a_dead_run_started_is_bad(project: Project, sleeper: subprocess.Popen) -> None:
    (project.settings.state / "lock").write_text(f"{dead_pid()}\n")
    found = machine.lock(project.settings.state)
    assert not found.is_good and "fuser" in found.fix


def runs_of(state: Path, *rows: tuple[str, str, str, str | None]) -> None:
    """A history of runs in Dagster's own tables: run id, status, created, and the tag of its process."""
    folder = state / "dagster" / "history"
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "runs.db")) as con:
        con.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, run_id, pipeline_name, status, create_timestamp)")
        con.execute("CREATE TABLE run_tags (run_id, key, value)")
        for run_id, status, created, tag in rows:
            con.execute("INSERT INTO runs VALUES (NULL, ?, 'build_warehouse', ?, ?)", (run_id, status, created))
            if tag:
                con.execute("INSERT INTO run_tags VALUES (?, ?, ?)", (run_id, runs.TAG, tag))
        con.commit()


def test_only_runs_whose_process_is_dead_are_ghosts(project: Project) -> None:
    here, now, hours_ago = runs.process(), "2026-11-16 05:59:00", "2026-11-16 03:00:00"
    reused = f"{os.getpid()} 1"  # the same PID, another process
    runs_of(
        project.settings.state,
        ("alive", "STARTED", hours_ago, here),
        ("killed", "STARTED", now, f"{dead_pid()} 12345"),
        ("reused", "CANCELING", now, reused),
        ("done", "SUCCESS", hours_ago, reused),
        ("queued", "QUEUED", hours_ago, None),
        ("young", "STARTING", now, None),
        ("old", "STARTED", hours_ago, None),
    )
    assert [ghost.run_id for ghost in runs.ghosts(project.settings.state / "dagster")] == ["killed", "reused", "old"]
    (found,) = runs.findings(project.settings.state)
    assert not found.is_good and "3 stand as started" in found.detail and "marks them as failed" in found.fix


def test_a_damaged_history_of_runs_is_said_to_be_no_loss_of_records(project: Project) -> None:
    runs_of(project.settings.state)
    (project.settings.state / "dagster" / "history" / "runs.db").write_bytes(b"no database" * 100)
    (found,) = runs.findings(project.settings.state)
    assert not found.is_good and "no record is" in found.fix


def test_a_run_that_died_is_marked_as_failed_by_the_next_one(project: Project) -> None:
    import dagster as dg

    from pipelines import headless, run_history

    home = headless.dagster_home(project.settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        dead = instance.create_run_for_job(
            job(), status=dg.DagsterRunStatus.STARTED, tags={runs.TAG: f"{dead_pid()} 1"}
        )
        alive = instance.create_run_for_job(job(), status=dg.DagsterRunStatus.STARTED, tags={runs.TAG: runs.process()})
        assert [ghost.run_id for ghost in runs.ghosts(home)] == [dead.run_id]
        run_history.end_dead(instance)
        assert runs.ghosts(home) == []
        statuses = [instance.get_run_by_id(run.run_id).status for run in (dead, alive)]
    assert statuses == [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.STARTED]


def job():
    import dagster as dg

    return dg.GraphDefinition("build_warehouse").to_job()


def test_packages_are_held_against_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.packages().is_good, machine.packages().detail
    there = machine.version
    monkeypatch.setattr(machine, "version", lambda name: "0.0.1" if name == "duckdb" else there(name))
    found = machine.packages()
    assert not found.is_good and "duckdb 0.0.1 (not 1." in found.detail and found.fix == "run `make setup`"


def test_a_disk_too_small_for_the_next_attempt_is_bad(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("1.yml", record(1))
    project.ingest()
    assert machine.disk(project.settings).is_good
    size = machine._size(project.settings.state, "warehouse.duckdb")
    free = machine.SPARE_BYTES + 2 * size - 1
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert size > 0 and not machine.disk(project.settings).is_good


def test_what_a_dead_attempt_left_is_named_and_no_damage(project: Project) -> None:
    project.write("1.yml", record(1))
    project.ingest()
    project.settings.work.mkdir()
    store.receipts_file(project.settings.state, 2).write_text("{}\n")
    (found,) = kept.leftovers(project.settings.state, 1)
    assert found.is_good and "work, receipts 2" in found.detail and "the next run removes" in found.detail
    project.ingest()
    assert list(kept.leftovers(project.settings.state, 2)) == []


def test_generations_newer_than_current_are_bad(project: Project) -> None:
    state = project.settings.state
    for number in (1, 2, 3):
        kept.generations.folder(state, number).mkdir(parents=True)
    found = [each for each in kept.leftovers(state, 1) if not each.is_good]
    assert len(found) == 1 and "3 are newer than CURRENT, which says 1" in found[0].detail


def test_a_warehouse_of_other_code_or_of_a_format_to_come_is_named(project: Project) -> None:
    project.write("1.yml", record(1))
    project.ingest()
    manifest = kept.generations.manifest(project.settings.state)
    for made_by, is_said in ((kept.code_version(), False), ("another", True)):
        found = next(kept._opened(project.settings.state, manifest | {"code_version": made_by}, 1))
        assert found.is_good and ("another version of Faultlines" in found.detail) == is_said
    path = project.settings.state / "generations" / "000001" / "warehouse.duckdb"
    head = bytearray(path.read_bytes())
    head[12] = 255  # the storage version in DuckDB's main header
    path.write_bytes(head)
    (found,) = kept._opened(project.settings.state, manifest, 1)
    assert not found.is_good and "cannot read it" in found.detail and "rebuild" in found.fix


def test_a_project_that_has_not_run_yet_is_good(project: Project) -> None:
    assert [str(finding) for finding in health.examine(project.settings) if not finding.is_good] == []


@pytest.mark.parametrize("line", [
    "[" * 100_000, "null", "{}", '{"records": 5}',
    '{"records": {}, "files": {}, "received_at": "x"}', '{"outcome": [1]}',
])  # fmt: skip
@pytest.mark.parametrize("at", [0, 1])
def test_a_line_of_a_receipt_that_nobody_wrote_is_named_and_ends_nothing(project: Project, at: int, line: str) -> None:
    project.write("1.yml", record(1))
    project.ingest()
    path = store.receipts_file(project.settings.state, 1)
    lines = path.read_text().splitlines(keepends=True)
    lines[at] = line + "\n"
    path.write_text("".join(lines))
    found, _ = receipts.findings(project.settings.state, 1)
    assert [str(one) for one in found] == [
        f"BAD receipts: receipts/000001.ndjson:{at + 1} is not a line that was written; put it back from your backup"
    ]


def test_of_very_many_receipts_that_seem_to_be_missing_few_are_named(project: Project) -> None:
    """CURRENT may hold any number: a doctor that looks for each would never end."""
    project.write("1.yml", record(1))
    project.ingest()
    (project.settings.state / "receipts" / "notes.ndjson").write_text("mine")
    found, records = receipts.findings(project.settings.state, 10**12)
    assert records == 1 and [one.is_good for one in found] == [False] * 4
    assert "000002.ndjson is missing" in found[0].detail and str(10**12 - 4) in found[3].detail


@pytest.mark.parametrize("pattern", ["CURRENT", "receipts/*.ndjson", "store/??/*"])
def test_a_folder_where_a_file_belongs_is_the_one_thing_that_is_named(project: Project, pattern: str) -> None:
    project.write("a.yml", record(1))
    project.ingest()
    state = project.settings.state
    path = next(state.glob(pattern), state / pattern)
    path.unlink(missing_ok=True)
    path.mkdir()
    for findings in (health.examine(project.settings), list(proof.verify(project.settings, False, print))):
        wrong = [one for one in findings if not one.is_good and one.what != "packages"]
        assert [(one.what, one.detail) for one in wrong] == [
            ("state folder", f"{path.relative_to(state)}: a folder where a file belongs")
        ]
