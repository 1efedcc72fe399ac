"""How much of Dagster's history stays, and that a dead run does not hold up the queue. On real SQLite."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines import clock, run_history
from pipelines.headless import dagster_home
from pipelines.health.runs import TAG, _began
from tests.projects import Project

CHECKED = dg.AssetKey("looked_at")


@dg.asset(check_specs=[dg.AssetCheckSpec("is_good", asset="looked_at")])
def looked_at() -> dg.MaterializeResult:
    print("said by the step")
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="is_good", passed=True)])


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """One for all tests: its databases take a second to make."""
    settings = Project(tmp_path_factory.mktemp("history")).settings
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as made:
        yield made


@pytest.fixture(scope="module")
def runs(instance: dg.DagsterInstance) -> list[str]:
    """Every finished run there is, newest first."""
    return [ran(instance) for _ in range(4)][::-1]


def ran(instance: dg.DagsterInstance) -> str:
    return dg.materialize([looked_at], instance=instance).run_id


def started(instance: dg.DagsterInstance, process: str | None) -> str:
    """A run that Dagster holds for started."""
    run = instance.create_run_for_job(
        dg.define_asset_job("one").resolve(dg.Definitions([looked_at]).resolve_asset_graph())
    )
    instance.report_dagster_event(_start(run), run_id=run.run_id)
    if process:
        instance.add_run_tags(run.run_id, {TAG: process})
    return run.run_id


def _start(run: dg.DagsterRun) -> dg.DagsterEvent:
    return dg.DagsterEvent(event_type_value="PIPELINE_START", job_name=run.job_name, message="started")


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    return instance.get_run_by_id(run_id).status


def test_of_too_many_runs_the_oldest_go(instance: dg.DagsterInstance, runs: list[str]) -> None:
    assert run_history.outlived(instance, most=2, days=90) == runs[2:]
    assert run_history.outlived(instance, most=4, days=90) == []


def test_runs_older_than_so_many_days_go(
    instance: dg.DagsterInstance, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", (clock.now() + timedelta(days=91)).isoformat())
    assert run_history.outlived(instance, most=500, days=90) == runs
    assert run_history.outlived(instance, most=500, days=92) == []


def test_a_backlog_is_worked_off_in_portions(
    instance: dg.DagsterInstance, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_history, "MOST_AT_ONCE", 2)
    assert run_history.outlived(instance, most=1, days=90) == runs[2:]


def test_a_forgotten_run_leaves_no_event_no_check_and_no_file(instance: dg.DagsterInstance, runs: list[str]) -> None:
    kept, gone = runs[0], runs.pop()
    run_history.forget(instance, [gone])
    rows = "SELECT count(*) FROM {table} WHERE run_id = ?"
    with instance.event_log_storage.index_connection() as con:
        for table in ("event_logs", "asset_check_executions"):
            counts = [con.exec_driver_sql(rows.format(table=table), (run,)).scalar() for run in (gone, kept)]
            assert counts[0] == 0 < counts[1], table
    assert not list(Path(instance.root_directory).rglob(f"*{gone}*"))
    assert gone not in instance.get_run_ids() and instance.all_logs(kept)


def test_a_run_whose_process_was_killed_is_ended_and_says_so(instance: dg.DagsterInstance) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    run = started(instance, f"{child.pid} {_began(child.pid)}")
    assert run_history.end_dead(instance) == []
    child.kill()
    child.communicate()
    assert run_history.end_dead(instance) == [run]
    assert status(instance, run) == dg.DagsterRunStatus.FAILURE
    assert any(run_history.DIED in entry.message for entry in instance.all_logs(run))


def test_the_same_number_given_to_another_process_is_not_the_same_process(instance: dg.DagsterInstance) -> None:
    assert run_history.end_dead(instance) == []
    run = started(instance, f"{os.getpid()} 1")
    assert run_history.end_dead(instance) == [run]


def test_a_run_that_died_before_it_named_its_process_is_ended_after_a_while(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(instance, None)
    assert run_history.end_dead(instance) == []
    monkeypatch.setenv("FAULTLINES_NOW", (clock.now() + timedelta(minutes=11)).isoformat())
    assert run_history.end_dead(instance) == [run]
