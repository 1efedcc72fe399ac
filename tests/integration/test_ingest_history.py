"""What ingestion keeps of a record's life: revisions, conflicts, removals, and what each run says it did."""

from __future__ import annotations

import hashlib
import json
import os

import duckdb
import msgspec
import pytest

from pipelines.contract import bundle
from pipelines.ingest import people
from pipelines.ingest.load import prepare
from pipelines.publish import generations
from tests.projects import Project, record


def counts(summary: dict) -> dict:
    return {name: n for name, n in summary["records"].items() if n and name != "seen"}


def events(project: Project, record_id: str = "INC-2026-00001") -> list[tuple]:
    return project.query(
        f"select kind, path, generation from raw.record_events where record_id = '{record_id}' "
        "order by generation, kind, path"
    )


def test_a_second_ingest_of_the_same_files_changes_no_row(project: Project) -> None:
    project.write("one.yml", record(1))
    assert counts(project.ingest()) == {"accepted": 1}
    assert counts(project.ingest()) == {"unchanged": 1}
    assert project.query("select count(*) from raw.revisions") == [(1,)]


def test_an_edit_is_a_new_revision_and_the_old_one_stays(project: Project) -> None:
    project.write("one.yml", record(1))
    project.ingest()
    project.write("one.yml", record(1, title="Scores late everywhere"))
    assert counts(project.ingest()) == {"accepted": 1}
    assert project.query("select title from raw.records order by title") == [
        ("Scores late everywhere",),
        ("Scores late in region 1",),
    ]


def test_an_edit_taken_back_is_known_again_without_a_third_content(project: Project) -> None:
    for title in ("a", "b", "a"):
        project.write("one.yml", record(1, title=title))
        project.ingest()
    assert project.query("select count(*) from raw.revisions") == [(2,)]
    assert [kind for kind, *_ in events(project)] == ["revision"] * 3


def test_a_removed_file_is_a_tombstone_and_its_return_is_known_again(project: Project) -> None:
    path = project.write("one.yml", record(1))
    project.ingest()
    path.unlink()
    assert project.ingest()["tombstones"] == 1
    assert project.ingest()["tombstones"] == 0
    project.write("one.yml", record(1))
    assert counts(project.ingest()) == {"accepted": 1}
    assert [kind for kind, *_ in events(project)] == ["revision", "tombstone", "revision"]


def test_a_moved_file_is_neither_new_nor_removed(project: Project) -> None:
    project.write("one.yml", record(1)).rename(project.home / "records" / "before")
    (project.home / "records" / "before").rename(project.home / "records" / "one.yml")
    project.ingest()
    (project.home / "records" / "one.yml").rename(project.home / "records" / "two.yml")
    summary = project.ingest()
    assert counts(summary) == {"unchanged": 1} and summary["tombstones"] == 0


def test_a_copy_is_a_duplicate_and_its_removal_removes_nothing(project: Project) -> None:
    project.write("one.yml", record(1))
    copy = project.write("two.yml", record(1))
    assert counts(project.ingest()) == {"accepted": 1, "duplicate": 1}
    copy.unlink()
    assert project.ingest()["tombstones"] == 0


@pytest.mark.parametrize("stated", [{}, {"revision": 2}])
def test_the_same_id_with_other_content_in_one_delivery_is_a_conflict_and_both_are_kept(
    project: Project, stated: dict
) -> None:
    project.write("one.yml", record(1, title="a", **stated))
    project.write("two.yml", record(1, title="b", **stated))
    assert counts(project.ingest()) == {"conflicted": 2}
    assert project.query("select title from raw.records order by 1") == [("a",), ("b",)]


def test_the_same_stated_revision_edited_in_place_is_a_conflict_and_both_are_kept(project: Project) -> None:
    for title in ("a", "b"):
        project.write("one.yml", record(1, title=title, revision=3))
        summary = project.ingest()
    assert counts(summary) == {"conflicted": 1}
    assert project.query("select count(*) from raw.revisions") == [(2,)]


def test_two_stated_revisions_in_two_files_are_no_conflict(project: Project) -> None:
    project.write("r1.yml", record(1, revision=1))
    project.write("r2.yml", record(1, revision=2, title="b"))
    assert counts(project.ingest()) == {"accepted": 2}


def test_a_file_spoilt_by_an_edit_removes_nothing(project: Project) -> None:
    project.write("one.yml", record(1))
    project.ingest()
    project.write("one.yml", "id: [")
    summary = project.ingest()
    assert counts(summary) == {"quarantined": 1} and summary["tombstones"] == 0
    project.write("one.yml", record(1))
    assert counts(project.ingest()) == {"unchanged": 1}


def test_a_record_dropped_from_a_file_of_many_is_a_tombstone(project: Project) -> None:
    lines = [json.dumps(record(n)) for n in range(3)]
    project.write("all.ndjson", "\n".join(lines) + "\n")
    assert counts(project.ingest()) == {"accepted": 3}
    project.write("all.ndjson", "\n".join(lines[1:]) + "\n")
    summary = project.ingest()
    assert counts(summary) == {"unchanged": 2} and summary["tombstones"] == 1


def test_a_record_gone_from_a_file_with_something_set_aside_is_kept_and_said_to_be(project: Project) -> None:
    lines = [json.dumps(record(number)) + "\n" for number in (1, 2)]
    project.write("many.ndjson", "".join(lines))
    assert project.ingest()["kept"] == 0
    project.write("many.ndjson", lines[0] + "{\n")
    summary = project.ingest()
    assert (summary["kept"], summary["tombstones"], summary["records"]["quarantined"]) == (1, 0, 1)
    project.write("many.ndjson", lines[0])
    summary = project.ingest()
    assert (summary["kept"], summary["tombstones"]) == (0, 1)


def test_what_a_run_saw_adds_up_also_when_files_stay_in_quarantine(project: Project) -> None:
    project.write("bad.yml", "id: [")
    project.write("one.yml", record(1))
    project.ingest()
    project.write("two.yml", record(2))
    records = project.ingest()["records"]
    assert records == {"seen": 3, "accepted": 1, "unchanged": 1, "duplicate": 0, "conflicted": 0, "quarantined": 1}


def test_trusted_times_date_what_was_known_and_others_do_not(project: Project) -> None:
    project.write("one.yml", record(1, recorded_at="2026-03-01T08:00Z"))
    project.ingest()
    assert project.query("select known_at = received_at from raw.revisions") == [(True,)]
    trusting = Project(project.home / "trusting")
    trusting.declare([{"name": "own", "glob": "records/*", "reader": "native", "trusted_times": True}])
    trusting.write("one.yml", record(1, recorded_at="2026-03-01T08:00Z"))
    trusting.ingest()
    assert trusting.query("select strftime(known_at, '%Y-%m-%d %H:%M') from raw.revisions") == [("2026-03-01 08:00",)]


def test_a_clock_set_back_does_not_set_the_warehouse_back(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("one.yml", record(1))
    project.ingest()
    monkeypatch.setenv("FAULTLINES_NOW", "2026-01-01T00:00:00Z")
    project.write("two.yml", record(2))
    assert project.ingest()["received_at"] == "2026-11-16T06:00:00+00:00"


def test_states_are_not_values_and_say_why(project: Project) -> None:
    one = record(1)
    one["chronology"] |= {"resolved_at": "unknown", "mitigated_at": "not_applicable"}
    project.write("one.yml", one)
    project.ingest()
    assert project.query("select chronology_resolved_at, chronology_resolved_at_text from raw.records") == [
        (None, None)
    ]
    assert project.query("select field, state from raw.field_states order by 1") == [
        ("chronology.mitigated_at", "not_applicable"),
        ("chronology.resolved_at", "unknown"),
    ]


def test_two_records_without_an_id_on_one_line_are_two_set_aside(project: Project) -> None:
    project.write("two.json", '[{"title": "a"}, {"title": "b"}]')
    assert counts(project.ingest()) == {"quarantined": 2}
    assert project.query("select count(*) from raw.receipts where outcome = 'quarantined'") == [(2,)]


def test_no_published_hash_lets_anybody_test_a_guessed_name(project: Project) -> None:
    written = record(1, participants=[{"person": "Ada Lovelace", "role": "responder"}])
    project.write("one.json", json.dumps(written))
    project.ingest()
    ((digest,),) = project.query("select content_hash from raw.revisions")
    guess = msgspec.json.encode(written, order="sorted")
    assert digest not in (hashlib.sha256(guess).hexdigest(), hashlib.sha256(guess + b"UTC").hexdigest())


def test_declaring_a_zone_changes_only_the_records_whose_times_it_decides(project: Project) -> None:
    source = {"name": "own", "glob": "records/*", "reader": "native"}
    project.declare([source])
    project.write("one.yml", record(1, revision=1))
    project.ingest()
    project.declare([source | {"time_zone": "Europe/Copenhagen"}])
    assert counts(project.ingest()) == {"unchanged": 1}


def test_without_current_nothing_is_swept_away(project: Project) -> None:
    for number, title in enumerate(("a", "b"), 1):
        project.write("one.yml", record(1, title=title))
        project.ingest()
        (project.settings.state / "CURRENT").unlink()
        with pytest.raises(generations.StateDamaged, match=f"write {number}, the newest generation, into it"):
            project.ingest()
        (project.settings.state / "CURRENT").write_text(f"{number}\n")
    assert project.query("select count(*) from raw.revisions") == [(2,)]


def test_a_damaged_key_is_refused_and_not_used(project: Project) -> None:
    project.write("one.yml", record(1))
    project.ingest()
    (project.settings.state / "key").write_bytes(b"")
    project.write("two.yml", record(2))
    with pytest.raises(people.KeyMissing, match="damaged"):
        project.ingest()


def test_a_file_name_that_is_not_utf8_stops_nothing(project: Project) -> None:
    project.write("one.yml", record(1))
    with open(os.fsencode(project.home / "records") + b"/caf\xe9.json", "wb") as file:
        file.write(json.dumps(record(2)).encode())
    assert counts(project.ingest()) == {"accepted": 2}
    assert project.query("select path from raw.files order by 1") == [("caf\\xe9.json",), ("one.yml",)]


def test_a_number_no_column_holds_is_set_aside_and_stops_nothing(project: Project) -> None:
    project.write("one.json", json.dumps(record(1)))
    project.write("huge.json", json.dumps(record(2, revision=1e30)))
    project.write("whole.json", json.dumps(record(3, revision=3.0)))
    assert counts(project.ingest()) == {"accepted": 2, "quarantined": 1}


def test_an_address_is_cut_out_of_a_fault_before_the_fault_is_shortened(project: Project) -> None:
    project.write(
        "one.yml", record(1, severity="x" * 44 + " bob.smith@example.com", **{"y" * 50 + " eve@example.com": 1})
    )
    project.ingest()
    said = " ".join(message for (message,) in project.query("select message from raw.quarantine"))
    assert "is not a word" in said and "is not a field" in said and "bob" not in said and "eve@" not in said


def test_a_glob_over_everything_leaves_the_projects_own_files_alone(project: Project) -> None:
    project.declare([{"name": "own", "glob": "**/*", "reader": "native"}])
    project.write("one.yml", record(1))
    assert counts(project.ingest()) == {"accepted": 1}
    assert counts(project.ingest()) == {"unchanged": 1}


def test_a_warehouse_that_holds_a_row_for_each_field_goes_on_in_the_new_form() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA raw; CREATE TABLE raw.field_values (record_id VARCHAR, revision_id VARCHAR, field VARCHAR, "
        "n INTEGER); INSERT INTO raw.field_values VALUES ('A', 'a1', 'title', 1), ('A', 'a1', 'dropped.since', 2), "
        "('B', 'b1', 'title', 1)"
    )
    prepare(con, bundle.load())
    prepare(con, bundle.load())
    rows = con.execute("SELECT * FROM raw.field_values ORDER BY ALL").fetchall()
    assert rows == [("A", "a1", "dropped.since"), ("A", "a1", "title"), ("B", "b1", "title")]
    assert con.execute("SELECT count(*) - count(DISTINCT field_id) FROM raw.fields").fetchone() == (0,)
