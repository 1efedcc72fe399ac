"""What was forgotten stands nowhere any more, comes back by no way, and everything else is as it was."""

from __future__ import annotations

import json

import pytest

from pipelines.health import proof
from pipelines.publish import content, generations
from pipelines.warehouse import connect
from tests.projects import NATIVE, Project, record

ONLY = "zibeline-7431-quokka"  # in no other text of the world
TICKETS = {"name": "tickets", "glob": "exports/*.csv", "reader": "csv", "mapping": "tickets.sql", "time_zone": "UTC"}
MAPPING = "SELECT id, path, item, {title: title, severity: severity} AS record FROM rows"
HELD = record(7, title=f"About {ONLY}", revision=1)


def where(project: Project, text: str) -> list[str]:
    """Every file that Faultlines keeps or writes in which the text stands, as bytes or in its name."""
    places = (project.home / ".faultlines", project.home / "reports")
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    return [str(path) for path in files if text in str(path) or text.encode() in path.read_bytes()]


def lines(*records: dict) -> str:
    return "".join(json.dumps(each) + "\n" for each in records)


@pytest.fixture(scope="module")
def forgotten(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose record 7 was in files of its own and of many, good and broken, and was forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_NOW", "2026-11-16T06:00:00Z")
        patch.delenv("FAULTLINES_PROJECT", raising=False)
        project = Project(tmp_path_factory.mktemp("forget"))
        project.declare([NATIVE, TICKETS])
        (project.home / "exports").mkdir()
        (project.home / "tickets.sql").write_text(MAPPING)
        tickets = f"id,title,severity\nT-1,Late,sev3\nINC-2026-00007,{ONLY},sev3\nT-2,Early,sev2\n"
        (project.home / "exports" / "all.csv").write_text(tickets)
        project.write("one.yml", HELD | {"severity": ONLY})
        project.write("many.ndjson", lines(record(1), HELD | {"revision": 3, "title": f"{ONLY} 3"}, record(2)))
        project.ingest()
        project.write("one.yml", f"{{{ONLY}: [")
        project.ingest()
        project.write("one.yml", HELD)
        project.write("copy.yml", HELD)
        done = project.run()
        assert done.returncode == 0, done.stderr
        done = project.run("sql", "--as-of", "2026-11-16T05:00:00Z", "select 1")
        done = project.run("forget", "INC-2026-00007", "--yes")
        assert done.returncode == 0, done.stderr
        yield project


def test_no_byte_of_it_is_kept_but_its_id(forgotten: Project) -> None:
    assert where(forgotten, ONLY) == []
    assert any(path.endswith("forgotten.ndjson") for path in where(forgotten, "INC-2026-00007"))


def test_everything_else_is_still_known(forgotten: Project) -> None:
    ids = forgotten.query("SELECT record_id FROM marts.incidents ORDER BY 1")
    assert ids == [("INC-2026-00001",), ("INC-2026-00002",), ("T-1",), ("T-2",)]


def test_receipts_store_and_warehouse_agree_and_the_same_is_built_again(forgotten: Project) -> None:
    findings = list(proof.verify(forgotten.settings, True, print))
    assert [str(each) for each in findings if not each.is_good or each.what == "remark"] == []


def test_it_is_refused_by_its_code_counted_and_its_bytes_are_not_kept(
    forgotten: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", "2026-11-17T06:00:00Z")
    forgotten.write("back.yml", HELD | {"title": f"{ONLY} again"})
    forgotten.write("one.yml", f"{{{ONLY}: [ [")
    forgotten.write("many.ndjson", lines(record(1), HELD, record(2), record(3)))
    (forgotten.home / "records" / "copy.yml").unlink()
    summary = forgotten.ingest()
    assert summary["records"]["accepted"] == 1 and summary["records"]["quarantined"] == 4
    codes = forgotten.query("SELECT DISTINCT code FROM raw.quarantine WHERE path IN ('back.yml', 'many.ndjson')")
    assert codes == [("PM070",)]
    assert [path for path in where(forgotten, ONLY) if "/generations/" not in path] == []
    state = forgotten.settings.state
    number = generations.current(state)
    with connect(generations.folder(state, number) / "warehouse.duckdb", read_only=True) as con:
        assert proof.records(con, state, number).is_good and proof.files(con, state, number).is_good
        assert content.hashes(con)


def test_an_id_that_nobody_held_is_an_error_of_the_caller(forgotten: Project) -> None:
    done = forgotten.run("forget", "INC-NEVER", "--yes")
    assert done.returncode == 2 and "INC-NEVER" in done.stderr
