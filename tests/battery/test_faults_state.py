"""A state folder that something has damaged: named, never handed on; and what a dead attempt left is never believed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli.errors import exit_code
from pipelines.publish import generations
from pipelines.warehouse import connect, writing
from tests.projects import Project, record


@pytest.fixture
def ingested(project: Project) -> Project:
    """Twelve records in a published generation, and one that is new since."""
    for number in range(12):
        project.write(f"{number}.yml", record(number))
    project.ingest()
    project.write("new.yml", record(99))
    return project


def flip(path: Path) -> None:
    """One bit in the middle of the file, in a block that no query of a run may happen to read."""
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip, cut, empty, Path.unlink])
def test_a_damaged_published_warehouse_is_named_and_never_handed_on(
    ingested: Project, damage: Callable[[Path], None]
) -> None:
    path, _ = generations.published(ingested.settings.state)
    damage(path)
    with pytest.raises((generations.StateDamaged, FileNotFoundError), match="warehouse.duckdb"):
        ingested.ingest()
    assert generations.current(ingested.settings.state) == 1


@pytest.mark.parametrize("name", ["CURRENT", "key", "generations/000001/manifest.json", "lock"])
def test_a_folder_where_a_file_belongs_is_told_in_words_one_can_act_on(ingested: Project, name: str) -> None:
    path = ingested.settings.state / name
    path.unlink(missing_ok=True)
    path.mkdir()
    said: list[str] = []
    with pytest.raises(OSError) as refused, writing(ingested.settings.state, None):
        ingested.ingest()
    assert exit_code(refused.value, said.append) == 3
    assert said == [f"faultlines: {path}: Is a directory: a file belongs there; move the folder away"]


@pytest.mark.parametrize("damage", ["kept", "cut", "gone", "noise"])
def test_the_write_ahead_log_of_a_dead_attempt_is_never_believed(ingested: Project, damage: str) -> None:
    """DuckDB opens a file whose log is cut or gone without a word, minus its tail: no attempt is gone on with."""
    work = ingested.settings.work
    work.mkdir()
    path, _ = generations.published(ingested.settings.state)
    shutil.copyfile(path, ingested.settings.warehouse)
    log = Path(f"{ingested.settings.warehouse}.wal")
    with connect(ingested.settings.warehouse) as con:
        con.execute("SET checkpoint_threshold = '1GB'; DELETE FROM raw.revisions")
        log_bytes = log.read_bytes()
        half_done = ingested.settings.warehouse.read_bytes()
    ingested.settings.warehouse.write_bytes(half_done)
    half = log_bytes[: len(log_bytes) // 2]
    written = {"kept": log_bytes, "cut": half, "gone": None, "noise": b"\xff" * 5000}[damage]
    if written is not None:
        log.write_bytes(written)
    assert log_bytes and ingested.ingest()["records"]["accepted"] == 1
    assert ingested.query("select count(*) from raw.revisions") == [(13,)]


def test_a_missing_state_folder_is_a_first_run_and_a_missing_records_folder_takes_nothing_away_by_itself(
    ingested: Project,
) -> None:
    shutil.rmtree(ingested.settings.state)
    assert ingested.ingest()["records"]["accepted"] == 13
    shutil.rmtree(ingested.home / "records")
    # that this is refused is the gate's (sources_is_still_there): ingestion only says what is no longer there
    assert ingested.ingest()["tombstones"] == 13
    assert ingested.query("select count(*) from raw.revisions") == [(13,)]


@pytest.mark.parametrize("back", ["2026-11-16T05:00:00Z", "2025-11-16T06:00:00Z"])
def test_a_clock_set_back_loses_nothing_and_knows_nothing_earlier(
    ingested: Project, monkeypatch: pytest.MonkeyPatch, back: str
) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", back)
    ingested.write("3.yml", record(3, title="edited"))
    (ingested.home / "records" / "5.yml").unlink()
    ingested.ingest()
    assert ingested.query(
        "select min(known_at) = max(known_at), count(*) filter (kind = 'tombstone'), max(generation) "
        "from raw.record_events"
    ) == [(True, 1, 2)]
    assert ingested.query("select count(*) from raw.revisions") == [(14,)]
    moments = ingested.query("select strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') from raw.as_of")
    assert moments == [("2026-11-16T06:00:00Z",)]
