"""What the operator is shown: assets in order, checks, schedule, sensor; and a run that no command line started."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines import models
from pipelines.publish import generations
from tests.projects import Project, record

MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    from pipelines.definitions import defs

    return defs


def test_a_run_takes_the_steps_in_the_order_of_the_flow(defs: dg.Definitions) -> None:
    job = defs.resolve_job_def("build_warehouse")
    assert [node.name for node in job.nodes_in_topological_order] == [
        "raw_records",
        "record_quality",
        "dbt_models",
        "analysis",
        "quality_results",
        "published_warehouse",
    ]


def test_publication_waits_for_every_mart_and_the_gate(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    published = graph.get(dg.AssetKey("published_warehouse"))
    marts = {key for key in graph.get_all_asset_keys() if graph.get(key).group_name == "4_marts"}
    assert {key.to_user_string() for key in marts} == set(models.marts())
    assert marts | {dg.AssetKey("quality_results")} == published.parent_keys


def test_every_asset_has_a_line_a_group_and_an_owner(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    bare = [
        key.to_user_string()
        for key in graph.get_all_asset_keys()
        if not (graph.get(key).description and graph.get(key).group_name[:1].isdigit() and graph.get(key).owners)
    ]
    assert bare == []


def test_critical_concerns_block_and_warnings_do_not(defs: dg.Definitions) -> None:
    from pipelines.quality import gate

    critical = {expected.concern for expected in gate.expectations() if expected.severity == "critical"}
    graph = defs.resolve_asset_graph()
    checks = [key for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("quality_results")]
    blocking = {key.name for key in checks if graph.get(key).blocking}
    assert blocking == critical and len(checks) > len(blocking) > 0


def test_mondays_page_is_of_the_week_that_has_ended(defs: dg.Definitions, project: Project) -> None:
    from pipelines.report.assets import WEEKS

    assert "2026-11-09" in WEEKS.get_partition_keys(MONDAY)
    assert "2026-11-16" not in WEEKS.get_partition_keys(MONDAY)
    schedule = defs.resolve_schedule_def("monday_page")
    assert schedule.cron_schedule == "0 6 * * 1"


def test_the_sensor_asks_for_a_run_only_when_a_file_changed(defs: dg.Definitions, project: Project) -> None:
    from pipelines.automation import new_records
    from pipelines.resources import Project as Resource

    resources = {"project": Resource(file=str(project.home))}
    project.write("one.yml", record(1))
    with dg.build_sensor_context(resources=resources, definitions=defs) as context:
        asked = new_records(context)
        assert [type(answer) for answer in asked] == [dg.RunRequest]
    project.ingest()
    with dg.build_sensor_context(resources=resources, definitions=defs) as context:
        assert [type(answer) for answer in new_records(context)] == [dg.SkipReason]


def test_a_run_started_by_dagster_itself_publishes_too(project: Project) -> None:
    from pipelines.headless import dagster_home

    project.write("one.yml", record(1))
    environment = {"DAGSTER_HOME": str(dagster_home(project.settings)), "FAULTLINES_PROJECT": str(project.home)}
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "job", "execute", "-j", "build_warehouse", "-m", "pipelines.definitions"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert generations.current(project.settings.state) == 1
