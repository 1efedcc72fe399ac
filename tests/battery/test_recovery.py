"""Recovery: what the store, the receipts and the key give back, and every kind of damage found and named.

Here: whole histories and damage done to a state folder by hand. Not here: kills and full disks.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines import warehouse
from pipelines.ingest import ledger
from pipelines.ingest.ledger import LedgerDamaged
from pipelines.ingest.people import KeyMissing
from pipelines.publish import content, generations, restore
from pipelines.publish.generations import StateDamaged
from tests.battery.histories import deliver_all
from tests.projects import Project, record


@pytest.fixture
def history(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Five deliveries as far as the raw tables."""
    deliver_all(project, monkeypatch, project.ingest)
    return project


def restored(project: Project, scratch: Path) -> tuple[dict[str, str], list[str]]:
    """The content of the raw tables that store and receipts give back, and the remarks on it."""
    last = generations.last_published(project.settings.state)
    restore.check(project.settings.state, last)
    with duckdb.connect(":memory:") as con:
        con.execute("SET TimeZone = 'UTC'")
        remarks = restore.load_again(con, project.settings, last, scratch)
        return content.hashes(con), remarks


def published(project: Project) -> dict[str, str]:
    path, _ = generations.published(project.settings.state)
    with warehouse.connect(path, read_only=True) as con:
        return content.hashes(con)


def test_a_whole_history_is_restored_to_the_same_content(history: Project, tmp_path: Path) -> None:
    outcomes = {row[0] for row in history.query("SELECT DISTINCT outcome FROM raw.receipts")}
    assert outcomes == {"accepted", "unchanged", "duplicate", "conflicted", "quarantined"}
    kinds = {row[0] for row in history.query("SELECT DISTINCT kind FROM raw.files")}
    assert kinds == {"read", "removed", "ignored"}
    was = published(history)
    for place in ("generations", "work"):
        shutil.rmtree(history.settings.state / place, ignore_errors=True)
    (history.settings.state / "CURRENT").unlink()
    shutil.rmtree(history.home / "records")
    assert restored(history, tmp_path / "scratch") == (was, [])
