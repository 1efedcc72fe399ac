"""A warehouse that version 1.0 filled, after an upgrade: the same revisions, in today's shape.

Here: the raw tables. Not here: how one record is converted (test_contract_versions.py).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.contract import bundle, versions
from pipelines.contract.tables import described_columns, tables
from pipelines.ingest import lift, run
from pipelines.publish import generations
from tests.projects import Project, record

PASSES = Path(__file__).parents[1] / "records" / "versions" / "1.0" / "passes"
TODAY = bundle.load()


def as_of_1_0() -> dict:
    """The contract as it was: sections of 1.0, with packs and the list of words of today."""
    return versions.older(TODAY, "1.0").schema | {"x-vocabularies": TODAY["x-vocabularies"]}


def fill(project: Project) -> Project:
    for path in sorted(PASSES.glob("*.yml")):
        # one id each: two of them are drafts of one incident
        text = path.read_text(encoding="utf-8").replace("id: INC-2026-0001", f"id: {path.stem}")
        project.write(path.name, text)
    return project


def content(project: Project) -> dict[str, list[str]]:
    """Every row of what the raw tables say of revisions, in the columns of today's contract."""
    shown = {table.name: [column for column, _, _ in described_columns(table)] for table in tables(TODAY)}
    shown |= {"presence": ["field_ids"], "field_states": ["field", "state"]}
    shown |= {"revisions": ["content_hash", "stated_revision", "path", "line", "schema_version", "record"]}
    path, _ = generations.published(project.settings.state)
    found = {}
    with duckdb.connect(str(path), read_only=True) as con:
        for name, columns in shown.items():
            listed = ", ".join(f'"{column}"' for column in ("revision_id", *columns))
            found[name] = sorted(map(repr, con.execute(f"SELECT {listed} FROM raw.{name}").fetchall()))
    return found


@pytest.fixture
def upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose first run was one of 1.0, and whose second found nothing new and lifted it in slices."""
    monkeypatch.setattr(lift, "SLICE", 2)
    project = fill(Project(tmp_path / "upgraded"))
    with monkeypatch.context() as then:
        then.setattr(run.bundle, "load", as_of_1_0)
        then.setattr(run, "lift", lambda *_: 0)
        assert project.ingest()["records"]["accepted"] == len(list(PASSES.glob("*.yml")))
    assert project.query("SELECT DISTINCT schema_version FROM raw.records") == [("1.0",)]
    assert project.ingest()["files"]["read"] == 0
    return project


def test_after_an_upgrade_the_raw_tables_are_those_of_a_first_reading_by_today(
    upgraded: Project, tmp_path: Path
) -> None:
    fresh = fill(Project(tmp_path / "fresh"))
    (fresh.home / ".faultlines").mkdir()
    (fresh.home / ".faultlines" / "key").write_bytes((upgraded.home / ".faultlines" / "key").read_bytes())
    fresh.ingest()
    expected, found = content(fresh), content(upgraded)
    assert expected["scope_affected"] and expected["field_states"]
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_an_upgrade_makes_no_revision_and_no_event(upgraded: Project) -> None:
    before = (
        upgraded.query("SELECT count(*) FROM raw.revisions"),
        upgraded.query("SELECT count(*) FROM raw.record_events"),
    )
    for path in (upgraded.home / "records").glob("*.yml"):
        path.write_text(path.read_text() + "# read again\n")
    counted = upgraded.ingest()["records"]
    assert counted["unchanged"] == counted["seen"] > 0
    after = (
        upgraded.query("SELECT count(*) FROM raw.revisions"),
        upgraded.query("SELECT count(*) FROM raw.record_events"),
    )
    assert before == after


def test_a_record_rewritten_for_today_is_a_new_revision_whose_fields_its_author_wrote(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.write("1.yml", record(1, schema_version="1.0", scope={"summary": "x", "users_affected": {"min": 3}}))
    project.ingest()
    project.write("1.yml", record(1, scope={"summary": "x", "affected": [{"who": "users", "min": 3}]}))
    assert project.ingest()["records"]["accepted"] == 1
    marks = """SELECT v.schema_version, s.field, s.state FROM raw.revisions AS v LEFT JOIN raw.field_states AS s
        USING (revision_id) ORDER BY v.schema_version"""
    assert project.query(marks) == [("1.0", "scope.affected[].who", "converted"), ("1.1", None, None)]
    assert project.query("SELECT count(DISTINCT record::VARCHAR) FROM raw.revisions") == [(1,)]
