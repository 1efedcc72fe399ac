"""An erasure that is cut short anywhere is gone on with by the same command, and costs other records nothing."""

from __future__ import annotations

import json

import pytest

from pipelines import forget
from pipelines.health import kept as health
from pipelines.ingest import ledger, store
from pipelines.privacy import forgotten
from pipelines.publish import generations, restore
from pipelines.warehouse import connect
from tests.projects import Project, record

ONLY = "zibeline-7431-quokka"
HELD = record(7, title=ONLY)


@pytest.fixture
def filled(project: Project) -> Project:
    """Record 7 in a file of many, in one of its own, and in another form of it that is broken."""
    many = [record(1), HELD, record(2), record(2) | {"severity": "none of ours"}]
    project.write("many.ndjson", "".join(json.dumps(each) + "\n" for each in many) + "{broken\n")
    project.write("one.yml", HELD)
    project.ingest()
    project.write("one.yml", f"{{{ONLY}: [")
    project.ingest()
    return project


def kept(project: Project) -> list[str]:
    """Every file of store and receipts in which the text stands."""
    state = project.settings.state
    files = [*(state / "store").rglob("*"), *(state / "receipts").rglob("*"), state / forgotten.FILE]
    return [str(path) for path in files if path.is_file() and ONLY.encode() in path.read_bytes()]


def loaded(project: Project) -> list[tuple]:
    """What the raw tables hold, made again from store and receipts."""
    state = project.settings.state
    path = state / "again.duckdb"
    with connect(path) as con:
        remarks = restore.load_again(con, project.settings, 2, state / "scratch")
        found = con.execute("SELECT DISTINCT record_id, content_hash, line FROM raw.revisions ORDER BY ALL").fetchall()
        codes = con.execute("SELECT path, line, code, record_id FROM raw.quarantine ORDER BY ALL").fetchall()
        agree = [ledger.differences(con, store.receipts_file(state, number)) for number in (1, 2)]
    path.unlink()
    return [remarks, found, codes, agree]


def seen(project: Project) -> list[dict]:
    return [ledger.entry(path).summary["records"] for path in ledger.paths(project.settings.state).values()]


def erase(project: Project) -> None:
    found = forget.held(project.settings, HELD["id"])
    forgotten.add(project.settings.state, [{"record_id": HELD["id"], "content_hashes": [], "places": found.places}])
    forget._erase_bytes(project.settings, found.readings)
    for number in (1, 2):
        forget._rewrite_receipts(project.settings.state, number, HELD["id"])


def test_what_is_left_is_loaded_again_as_it_was_and_the_receipts_still_count_it_as_seen(filled: Project) -> None:
    before, counted = loaded(filled), seen(filled)
    erase(filled)
    remarks, found, codes, agree = loaded(filled)
    assert kept(filled) == [] and remarks == [] and agree == [(0, 0), (0, 0)]
    assert found == [row for row in before[1] if row[0] != HELD["id"]]
    assert [row for row in codes if row[2] != forgotten.CODE] == [
        row for row in before[2] if row[3] is not None and row[3] != HELD["id"]
    ]
    assert [each["seen"] for each in seen(filled)] == [each["seen"] for each in counted]
    assert seen(filled)[0]["quarantined"] == counted[0]["quarantined"] + 2


def test_done_twice_it_ends_where_once_ends_and_deletes_bytes_that_a_dead_erasure_left(filled: Project) -> None:
    state = filled.settings.state
    whole = {path: path.read_bytes() for path in (state / "store").rglob("*") if path.is_file()}
    erase(filled)
    once = [path.read_bytes() for path in ledger.paths(state).values()]
    for path, content in whole.items():
        path.write_bytes(content)
    assert kept(filled)
    erase(filled)
    assert kept(filled) == []
    assert [path.read_bytes() for path in ledger.paths(state).values()] == once


def test_an_erasure_that_was_not_finished_is_told(filled: Project) -> None:
    with connect(generations.published(filled.settings.state)[0], read_only=True) as con:
        assert list(health.forgotten_is_gone(con, filled.settings.state)) == []
        erase(filled)
        (told,) = health.forgotten_is_gone(con, filled.settings.state)
    assert not told.is_good and "faultlines forget" in str(told)
