"""The analysis gives the same bytes: at one and two threads, from shuffled input, in three time zones."""

import time
from pathlib import Path

import pytest

from benchmarks import analysis, invented
from pipelines import warehouse
from pipelines.analysis import intervals, steps, tables
from pipelines.publish import content
from validation import models

INCIDENTS = 1_500


def hashes(tmp_path: Path, is_shuffled: bool = False) -> dict[str, str]:
    target = tmp_path / "warehouse.duckdb"
    target.unlink(missing_ok=True)
    invented.prepared(target, INCIDENTS)
    with warehouse.connect(target) as con:
        if is_shuffled:
            for schema, name in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                table = f"{schema}.{name}"
                con.execute(
                    f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM {table} ORDER BY hash(COLUMNS(*)::VARCHAR)"
                )
        for name in analysis.MODELS:
            model = models.models()[name]
            con.execute(f"CREATE OR REPLACE {model['kind']} {model['relation']} AS {model['sql']}")
        intervals.define(con)
        for write in steps.STEPS.values():
            write(con)
        return {name: found for name, found in content.hashes(con).items() if name.startswith("analysis.")}


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> dict[str, str]:
    return hashes(tmp_path_factory.mktemp("usual"))


@pytest.fixture(scope="module")
def nothing(tmp_path_factory) -> dict[str, str]:
    """The hashes of the same tables without a row."""
    with warehouse.connect(tmp_path_factory.mktemp("nothing") / "warehouse.duckdb") as con:
        for name in tables.contract():
            tables.create(con, name)
        return content.hashes(con)


def test_there_is_something_to_compare(usual, nothing):
    assert {name for name in usual if usual[name] == nothing.get(name)} <= {"analysis.fault_line_names"}
    assert len(usual) >= 8


def test_one_thread_gives_what_two_give(usual, tmp_path, monkeypatch):
    monkeypatch.setenv("FAULTLINES_THREADS", "1")
    assert hashes(tmp_path) == usual


def test_shuffled_input_gives_the_same(usual, tmp_path):
    assert hashes(tmp_path, is_shuffled=True) == usual


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns"])
def test_the_zone_of_the_machine_changes_nothing(usual, tmp_path, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert hashes(tmp_path) == usual
    finally:
        monkeypatch.undo()
        time.tzset()
