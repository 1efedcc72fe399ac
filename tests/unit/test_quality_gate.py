"""The gate end to end: frames to Great Expectations in its own process, verdicts back, and every way that can fail."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.quality import expectations, gate, record_quality, rules, verdicts, worker
from pipelines.quality.verdicts import Verdict
from tests.unit.quality_raw import RECEIVED, add, raw_tables

CATALOGUE = rules.load()
SUITE = expectations.load(CATALOGUE, bundle.load())
FAULTY = {"chronology": {"impact_started_at": "2026-05-04T06:40Z", "resolved_at": "2026-05-02"}}
SOUND = {"chronology": {"impact_started_at": "2026-05-04T06:40Z", "resolved_at": "2026-05-05"}}


@pytest.fixture(scope="module")
def great_expectations():
    with worker.GateWorker() as started:
        yield started


def records(count: int, faulty: int) -> list[dict]:
    return [
        {"id": f"R{n:03d}", "title": "Limits too high", "stage": "draft", **(FAULTY if n < faulty else SOUND)}
        for n in range(count)
    ]


def warehouse(count: int = 25, faulty: int = 2):
    con = raw_tables()
    add(con, *records(count, faulty))
    record_quality.apply(con, CATALOGUE)
    return con


def run(process, con, folder: Path, suite=SUITE) -> list[Verdict]:
    process.submit(gate.frames(con, suite, folder))
    return verdicts.read(process.collect(), suite.expectations)


def of(found: list[Verdict], expectation: str) -> Verdict:
    """The one verdict on an expectation."""
    (verdict,) = [verdict for verdict in found if verdict.expectation == expectation]
    return verdict


def shown(folder: Path) -> set[str]:
    """What is in it; caches that tests beside this one make meanwhile begin with a dot."""
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_sound_warehouse_passes_whole_and_leaves_files_only_where_it_should(great_expectations, tmp_path):
    before = shown(worker.ROOT)
    found = run(great_expectations, warehouse(faulty=0), tmp_path)
    assert [verdict for verdict in found if verdict.success is False] == []
    assert of(found, "PM101") == Verdict(
        "PM101", "chronology", "records", None, "critical", True, 25, 0, 0.5, 1.0, None, ()
    )
    # a rule that concerns no record says nothing
    assert [verdict for verdict in found if verdict.expectation == "PM401"] == []
    # every expectation on whole tables is there, in the order of the suite
    order = [each.id for each in SUITE.expectations]
    judged = [verdict.expectation for verdict in found]
    assert judged == sorted(judged, key=order.index)
    assert {each.id for each in SUITE.expectations if each.frame} <= set(judged)
    assert shown(worker.ROOT) == before
    ours = {f"{frame}.csv" for frame in SUITE.frames} | {"shares.csv", "suite.json", "answers.json"}
    assert {path.name for path in tmp_path.iterdir()} == ours


def test_a_failed_expectation_counts_and_names_the_records(great_expectations, tmp_path):
    found = run(great_expectations, warehouse(faulty=13), tmp_path)
    broken = of(found, "PM101")
    assert (broken.success, broken.severity, broken.evaluated, broken.failed) == (False, "critical", 25, 13)
    assert broken.record_ids == tuple(f"R{n:03d}" for n in range(13))
    assert broken.share == pytest.approx(12 / 25)
    assert verdicts.blocking(found) == [broken]


def test_great_expectations_judges_each_source_by_its_own_threshold(great_expectations, tmp_path):
    con = warehouse(faulty=13)
    for name, faulty in (("sound", 2), ("spared", 13)):
        add(con, *[one | {"id": f"{name}-{one['id']}"} for one in records(25, faulty)], source=name)
    record_quality.apply(con, CATALOGUE)
    spared = {"spared": [{"of": "PM101", "needed": 0.4}]}
    suite = expectations.load(CATALOGUE, bundle.load(), of_sources=spared)
    found = [each for each in run(great_expectations, con, tmp_path, suite) if each.expectation == "PM101"]
    assert {(each.source, each.success, each.needed) for each in found} == {
        ("records", False, 0.5), ("sound", True, 0.5), ("spared", True, 0.4),
    }  # fmt: skip
    # what cannot be told is neither passed nor failed
    untold = [each for each in run(great_expectations, con, tmp_path) if each.expectation == "fields_stay_common"]
    assert {(each.source, each.success) for each in untold} == {(s, None) for s in ("records", "sound", "spared")}


@pytest.mark.parametrize("count", [20, 26, 46])
def test_a_share_that_just_reaches_the_threshold_passes_and_still_counts(great_expectations, tmp_path, count):
    verdict = of(run(great_expectations, warehouse(count, count // 2), tmp_path), "PM101")
    assert (verdict.success, verdict.failed, verdict.record_ids[0]) == (True, count // 2, "R000")


def test_critical_only_warns_below_the_number_of_records_it_needs(great_expectations, tmp_path):
    found = run(great_expectations, warehouse(count=19, faulty=19), tmp_path)
    assert (of(found, "PM101").success, of(found, "PM101").severity) == (False, "warning")
    assert verdicts.blocking(found) == []


def test_an_empty_warehouse_passes(great_expectations, tmp_path):
    con = raw_tables()
    record_quality.apply(con, CATALOGUE)
    assert verdicts.blocking(run(great_expectations, con, tmp_path)) == []


DAMAGES = {
    "revisions_revision_id_be_unique": (
        "INSERT INTO raw.revisions FROM raw.revisions WHERE record_id = 'R000'", ("R000", "R000")),
    "revisions_is_known_when_received_be_in_set": (
        "UPDATE raw.revisions SET known_at = received_at + INTERVAL 1 SECOND WHERE record_id = 'R002'", ("R002",)),
    "revisions_known_year_be_between": (
        "UPDATE raw.revisions SET known_at = '1970-01-01' WHERE record_id = 'R003'", ("R003",)),
    "records_category_be_in_set": ("UPDATE raw.records SET category = 'other' WHERE record_id = 'R004'", ("R004",)),
    "records_severity_be_in_set": ("UPDATE raw.records SET severity = 'SEV2' WHERE record_id = 'R005'", ("R005",)),
    "sections_orphans_be_in_set": (
        "INSERT INTO raw.timeline (record_id, revision_id, position) VALUES ('R006', 'none', 1)", ("raw.timeline",)),
    "files_unaccounted_be_in_set": ("DELETE FROM raw.receipts WHERE record_id = 'R007'", ("records/R007.yml",)),
    "receipts_outcome_be_in_set": ("UPDATE raw.receipts SET outcome = 'lost' WHERE record_id = 'R008'", ("R008.yml",)),
    "receipts_is_whole_be_in_set": (
        "UPDATE raw.receipts SET outcome = 'quarantined' WHERE record_id = 'R009'", ("R009.yml",)),
}  # fmt: skip


def test_each_damage_of_a_raw_table_blocks_and_is_named_with_its_source(great_expectations, tmp_path):
    con = warehouse(faulty=0)
    add(con, *[record | {"id": f"other-{record['id']}"} for record in records(5, 0)], source="other")
    record_quality.apply(con, CATALOGUE)
    for statement, _ in DAMAGES.values():
        con.execute(statement)
    blocked = verdicts.blocking(run(great_expectations, con, tmp_path))
    assert {verdict.expectation: verdict.record_ids for verdict in blocked} == {
        expectation: names for expectation, (_, names) in DAMAGES.items()
    }
    assert {verdict.expectation: verdict.source for verdict in blocked} == dict.fromkeys(DAMAGES, "records") | {
        "sections_orphans_be_in_set": None  # a row of no revision is of no source
    }


def test_only_revisions_that_a_file_holds_now_are_judged(great_expectations, tmp_path):
    con = warehouse(count=2, faulty=2)
    mended = [{"id": "R000", "title": "Limits too high", "stage": "draft", **SOUND}]
    add(con, *mended, generation=2, received_at=RECEIVED + timedelta(days=1))
    record_quality.apply(con, CATALOGUE)
    verdict = of(run(great_expectations, con, tmp_path), "PM101")
    assert (verdict.evaluated, verdict.failed, verdict.record_ids) == (2, 1, ("R001",))


BROKEN = "records_category_be_in_set"


def broken_suite(**change) -> expectations.Suite:
    whole = [dataclasses.replace(each, **change) if each.id == BROKEN else each for each in SUITE.expectations]
    return dataclasses.replace(SUITE, expectations=tuple(whole))


@pytest.mark.parametrize(
    "change",
    [
        {"arguments": {"column": "kategory", "value_set": ["x"]}},
        {"expect": "expect_column_values_to_match_regex", "arguments": {"column": "category", "regex": "("}},
    ],
    ids=["a missing column", "an exception inside the expectation"],
)
def test_what_cannot_be_judged_is_an_error_and_no_failed_expectation(great_expectations, tmp_path, change):
    con = warehouse()
    con.execute("UPDATE raw.records SET category = 'service_degradation'")
    found = run(great_expectations, con, tmp_path, broken_suite(**change))
    verdict = of(found, BROKEN)
    assert verdict.exception
    assert (verdict.success, verdict.severity, verdict.evaluated) == (False, "critical", 0)
    assert verdicts.blocking(found) == [verdict]
    assert of(found, "PM101").evaluated == 25


def test_the_run_is_told_which_expectation_could_not_be_judged(great_expectations, tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "answered", great_expectations.collect)
    suite = broken_suite(arguments={"column": "kategory", "value_set": ["x"]})
    great_expectations.submit(gate.frames(warehouse(), suite, tmp_path))
    with pytest.raises(gate.GateError, match=f"1 of .* could not be judged; {BROKEN}: .*kategory"):
        gate.found()


@pytest.mark.parametrize("expectation", [BROKEN, "shares"])
def test_an_answer_that_did_not_come_is_an_error(great_expectations, tmp_path, expectation):
    run(great_expectations, warehouse(), tmp_path)
    answers = json.loads((tmp_path / "answers.json").read_text())
    del answers[expectation]
    (tmp_path / "answers.json").write_text(json.dumps(answers))
    (missing,) = verdicts.blocking(verdicts.read(tmp_path, SUITE.expectations))
    assert (missing.expectation, missing.exception) == (expectation, "the checkpoint returned no result for it")


def test_ids_with_quotes_commas_and_words_for_nothing_come_back_as_they_are(great_expectations, tmp_path):
    con = raw_tables()
    odd = ["NA", 'a"b', "c,d", "null", "naïve ☂"]
    add(con, *[{"id": name, "title": "Limits too high", "stage": "draft", **FAULTY} for name in odd])
    record_quality.apply(con, CATALOGUE)
    con.execute("UPDATE raw.records SET category = 'other'")
    found = run(great_expectations, con, tmp_path)
    for expectation in ("PM101", "records_category_be_in_set"):
        assert sorted(of(found, expectation).record_ids) == sorted(odd)


def test_a_frame_may_not_hold_a_time(tmp_path):
    suite = dataclasses.replace(SUITE, frames={"t": "SELECT record_id, known_at FROM raw.revisions"})
    with pytest.raises(gate.GateError, match="frame t: known_at is TIMESTAMP"):
        gate.frames(warehouse(1, 0), suite, tmp_path)


def test_a_worker_that_dies_is_an_error_with_what_it_said(tmp_path):
    with worker.GateWorker() as process:
        with pytest.raises(worker.GateError, match="nothing was submitted"):
            process.collect()
        process.submit(tmp_path)  # an empty folder: it cannot find the suite
        with pytest.raises(worker.GateError, match=r"(?s)ended with code 1: .*suite\.json"):
            process.collect()


def test_a_worker_that_is_let_go_is_gone_before_its_answers_are_read(tmp_path):
    with worker.GateWorker() as process:
        process.submit(gate.frames(warehouse(), SUITE, tmp_path))
        process.let_go()
        assert process.process.wait(60) == 0
        assert verdicts.read(process.collect(), SUITE.expectations)


def test_a_worker_that_was_killed_is_an_error(tmp_path):
    with worker.GateWorker() as process:
        os.kill(process.process.pid, signal.SIGKILL)
        process.process.wait()
        with pytest.raises(worker.GateError, match="ended with code -9"):
            process.submit(tmp_path)
            process.collect()


def test_a_worker_that_does_not_answer_is_given_up(tmp_path):
    with worker.GateWorker() as process:
        os.kill(process.process.pid, signal.SIGSTOP)
        process.submit(tmp_path)
        with pytest.raises(worker.GateError, match=r"no answer within 0\.2 seconds"):
            process.collect(timeout=0.2)
    assert process.process.returncode == -signal.SIGKILL


def test_a_killed_parent_leaves_no_worker_behind():
    start = (
        "from pipelines.quality.worker import GateWorker; w = GateWorker(); print(w.process.pid, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
    ends = time.monotonic() + 10
    while _is_alive(child):
        assert time.monotonic() < ends, "the worker outlived its parent"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_worker_does_not_hold_the_files_of_its_parent(tmp_path):
    with open(tmp_path / "lock", "w") as lock:
        os.set_inheritable(lock.fileno(), True)
        with worker.GateWorker() as process:
            held = [str(entry.readlink()) for entry in Path(f"/proc/{process.process.pid}/fd").iterdir()]
        assert lock.name not in held


def test_starting_twice_gives_the_one_worker():
    try:
        first = worker.start()
        assert worker.start() is first
        worker.stop()
        worker.stop()
        assert first.process.poll() is not None
    finally:
        worker.stop()
