"""The dbt project on a small hand-written warehouse: it builds, its unit tests pass, and T moves every mart.

Here: what only a whole build shows. Not here: single calculations (unit tests beside the models).
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines import models
from pipelines.contract.bundle import load as load_bundle
from pipelines.ingest import leaves
from pipelines.settings import DBT_PROJECT
from tests.integration.raw_fixture import add, at, create, know

MARTS = models.marts()
T = "2026-11-23T06:00"


def dbt(folder: Path, *words: str) -> dict[str, str]:
    """Run dbt over the attempt in `folder`; returns the status of each node by its name."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    options = [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(folder / "target"),
    ]
    with contextlib.chdir(folder):
        try:
            answer = dbtRunner().invoke(["--quiet", "--log-level-file", "none", *words, *options])
        finally:
            DuckDBConnectionManager.close_all_connections()
    assert answer.exception is None, answer.exception
    return {result.node.name: str(result.status) for result in answer.result.results}


def rows(folder: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(folder / "work" / "warehouse.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.execute(query).fetchall()


def contents(folder: Path) -> dict[str, list[tuple]]:
    return {mart: rows(folder, f"SELECT * FROM marts.{mart} ORDER BY ALL") for mart in MARTS}


def set_as_of(folder: Path, moment: str) -> None:
    with duckdb.connect(str(folder / "work" / "warehouse.duckdb")) as con:
        con.execute("UPDATE raw.as_of SET as_of = ?", [at(moment)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records that were edited, removed, kept out of the counts, or faulty."""
    folder = tmp_path_factory.mktemp("models")
    with create(folder / "work" / "warehouse.duckdb") as con:
        add(con, "raw.as_of", as_of=at(T))
        fill(con)
        con.execute("INSERT INTO raw.due_records SELECT DISTINCT record_id FROM raw.record_events")
    return folder


def fill(con: duckdb.DuckDBPyConnection) -> None:
    start = {
        "category": "service_degradation",
        "chronology_impact_started_at": at("2024-12-30T00:10"),
        "chronology_impact_started_at_precision": "minute",
    }
    end = {"chronology_resolved_at": at("2024-12-30T01:40"), "chronology_resolved_at_precision": "minute"}
    know(con, "edited", "2025-01-05", title="first title", **start)
    know(con, "edited", "2026-06-01", revision=2, title="second title", **start, **end)
    know(con, "removed", "2025-01-05", **start)
    add(
        con, "raw.record_events", record_id="removed", kind="tombstone", known_at=at("2026-06-01"),
        received_at=at("2026-06-01"), source="records", path="removed.yml", generation=2,
    )  # fmt: skip
    know(con, "near_miss", "2025-01-05", record_kind="near_miss", **start)
    know(con, "maintenance", "2025-01-05", record_kind="maintenance", **start)
    know(con, "left_out", "2025-01-05", exclude_from_metrics=True, **start)
    know(con, "undated", "2025-01-05")
    know(con, "faulty", "2025-01-05", chronology_stated_time_to_resolve_minutes=90, **start, **end)
    key = {"record_id": "faulty", "revision_id": "faulty-1"}
    add(con, "quality.rules", rule="resolved_before_start", sets_aside=["resolve"])
    add(con, "quality.findings", rule="resolved_before_start", severity="error", **key)
    key = {"record_id": "edited", "revision_id": "edited-2"}
    add(
        con,
        "raw.timeline",
        **key,
        position=1,
        at=at("2024-12-30T00:10"),
        at_precision="minute",
        event="Pages fail",
    )
    add(con, "raw.triggers", **key, position=1, id="TR1", code="bad_deploy")
    add(con, "raw.root_causes", **key, position=1, id="RC1", code="untested_path", evidence=["E1", "E2"])
    add(
        con,
        "raw.actions",
        **key,
        position=1,
        id="A1",
        status="accepted",
        due_on="2026-10-01",
        prevents=["RC1"],
    )
    add(con, "raw.presence", **key, field_ids=[leaves.number("title")])


@pytest.fixture(scope="module")
def built(folder: Path) -> dict[str, str]:
    """The first build, dbt's unit tests included: a production run leaves those out."""
    return dbt(folder, "build")


def test_every_model_and_every_test_passes(built: dict[str, str]) -> None:
    assert {name: status for name, status in built.items() if status not in ("success", "pass")} == {}


def test_only_records_that_still_exist_are_incidents_and_only_some_of_them_count(built: dict, folder: Path) -> None:
    assert rows(folder, "SELECT record_id, revision_id, title, is_counted FROM marts.incidents ORDER BY ALL") == [
        ("edited", "edited-2", "second title", True),
        ("faulty", "faulty-1", "faulty", True),
        ("left_out", "left_out-1", "left_out", False),
        ("maintenance", "maintenance-1", "maintenance", False),
        ("near_miss", "near_miss-1", "near_miss", False),
        ("undated", "undated-1", "undated", True),
    ]


def test_a_week_that_spans_the_new_year_is_counted_once_and_near_misses_apart(built: dict, folder: Path) -> None:
    counted = rows(
        folder,
        "SELECT category, week, incidents, near_misses FROM marts.category_weeks WHERE incidents + near_misses > 0",
    )
    assert counted == [("service_degradation", "2025-W01", 2, 1)]
    assert rows(folder, "SELECT max(week), bool_and(is_full), count(*) FROM marts.category_weeks WHERE is_full") == [
        ("2026-W47", True, 99)
    ]


def test_a_broken_rule_sets_aside_the_computed_duration_and_leaves_the_stated_one(built: dict, folder: Path) -> None:
    phases = rows(folder, "SELECT record_id, basis, minutes, set_aside_by FROM marts.incident_phases ORDER BY ALL")
    assert phases == [
        ("edited", "computed", 90.0, None),
        ("faulty", "computed", None, "resolved_before_start"),
        ("faulty", "stated", 90.0, None),
    ]


def test_marts_carry_their_descriptions_into_the_warehouse(built: dict, folder: Path) -> None:
    silent = "comment IS NULL OR comment = ''"
    marts = """
        (SELECT table_name AS name, comment FROM duckdb_tables() WHERE schema_name = 'marts'
        UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'marts')
    """
    assert rows(folder, f"SELECT name FROM {marts} WHERE {silent}") == []
    assert (
        rows(
            folder,
            f"SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'marts' AND ({silent})",
        )
        == []
    )
    assert rows(folder, f"SELECT name FROM {marts} ORDER BY 1") == [(mart,) for mart in MARTS]


def test_every_model_says_its_grain_in_its_first_line() -> None:
    first = {path.stem: path.read_text().splitlines()[0] for path in DBT_PROJECT.glob("models/*/*.sql")}
    assert [name for name, line in sorted(first.items()) if not line.startswith("-- One row per ")] == []
    for mart in MARTS:
        (described,) = yaml.safe_load((DBT_PROJECT / f"models/marts/{mart}.yml").read_text())["models"]
        assert described["description"].startswith(first[mart].removeprefix("-- ").rstrip(".:,"))


def test_the_stages_ask_in_the_order_of_the_contract() -> None:
    stages = load_bundle()["properties"]["stage"]["enum"]
    assert json.dumps(stages).replace('"', "'") in (DBT_PROJECT / "macros/stage_rank.sql").read_text()


def test_an_earlier_moment_gives_what_was_known_then_and_the_present_comes_back_the_same(
    built: dict, folder: Path
) -> None:
    present = contents(folder)
    set_as_of(folder, "2025-12-31T12:00")
    dbt(folder, "build", "--exclude-resource-type", "unit_test")
    assert rows(folder, "SELECT title FROM marts.incidents WHERE record_id IN ('edited', 'removed') ORDER BY 1") == [
        ("first title",), ("removed",),
    ]  # fmt: skip
    assert rows(folder, "SELECT max(week), bool_or(NOT is_full) FROM marts.category_weeks") == [("2026-W01", True)]
    assert rows(folder, "SELECT count(*) FROM marts.actions") == [(0,)]
    set_as_of(folder, T)
    dbt(folder, "build", "--exclude-resource-type", "unit_test", "--threads", "1")
    assert contents(folder) == present
