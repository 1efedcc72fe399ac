"""Section B, Rule R: three levels that never mix, and nothing that is said of nothing.

Here: one delivery that holds all three, and pages over no incident. Not here: each rule and share by itself
(tests/unit/test_quality_rules.py, tests/unit/test_quality_shares.py), a refused run
(tests/integration/test_gate_runs.py), the ready questions over nothing (tests/integration/test_questions.py), good
records beside bad ones (tests/integration/test_whole_way.py).
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pipelines.contract import bundle
from pipelines.publish import generations
from pipelines.quality import expectations, rules
from pipelines.report import facts, render_html, render_markdown
from pipelines.warehouse import connect
from tests.projects import Project, record
from tests.unit.mart_fixture import Warehouse
from tests.unit.quality_raw import failing
from tests.unit.report_situations import MONDAY, WEEK

SUITE = expectations.load(rules.load(), bundle.load())
BACKWARDS = {
    "impact_started_at": "2026-05-04T06:40Z", "detected_at": "2026-05-04T06:50Z", "resolved_at": "2026-05-02T06:00Z",
}  # fmt: skip


def levels(project: Project, *records: dict) -> tuple[set, set, set]:
    """The ids set aside, the ids kept with a finding of an error, and the expectations that block."""
    project.write("all.ndjson", "".join(json.dumps(one) + "\n" for one in records))
    project.ingest()
    path, _ = generations.published(project.settings.state)
    with connect(path) as con:
        blocking = {key[0] for key, severity in failing(con, SUITE).items() if severity == "critical"}
        aside = con.execute("SELECT record_id FROM raw.quarantine").fetchall()
        found = con.execute("SELECT record_id FROM quality.findings WHERE severity = 'error'").fetchall()
        kept = con.execute("SELECT record_id FROM raw.records").fetchall()
    assert {one for (one,) in kept} == {one["id"] for one in records} - {one for (one,) in aside}
    return {one for (one,) in aside}, {one for (one,) in found}, blocking


def test_a_wrong_shape_is_set_aside_a_broken_rule_is_kept_and_neither_is_the_other(project: Project) -> None:
    shape = record(1, severity="urgent", chronology=BACKWARDS)  # wrong in both ways: what has no shape is not judged
    rule = record(2, chronology=BACKWARDS)
    assert levels(project, shape, rule, record(3)) == ({shape["id"]}, {rule["id"]}, set())


def test_a_rule_that_a_whole_source_breaks_blocks_and_still_sets_no_record_aside(project: Project) -> None:
    broken = [record(number, chronology=BACKWARDS) for number in range(25)]
    assert levels(project, *broken) == (set(), {one["id"] for one in broken}, {"PM101"})


def test_records_set_aside_for_their_shape_count_in_no_rules_share(project: Project) -> None:
    wrong = [record(number, severity="urgent", chronology=BACKWARDS) for number in range(25)]
    sound = [record(number) for number in range(30, 60)]
    assert levels(project, *wrong, *sound) == ({one["id"] for one in wrong}, set(), set())


def nothing() -> Warehouse:
    return Warehouse()


def no_incident() -> Warehouse:
    """Records, but none that counts."""
    house = Warehouse()
    for number, kind in enumerate(("near_miss", "exercise", "maintenance")):
        house.incident(f"R-{number}", MONDAY - timedelta(days=7), record_kind=kind, is_counted=False)
        house.phase(f"R-{number}", "resolve", "computed", 30.0)
        house.cause(f"R-{number}", "root_cause", "data_drift", "payments")
    return house


@pytest.mark.parametrize("situation", [nothing, no_incident])
def test_where_no_incident_is_every_part_of_the_page_says_so_and_none_shows_a_figure(situation) -> None:
    house = situation()
    made = facts.build(house.build(), WEEK, house.as_of, "test")
    said = {
        "verdict": made["verdict"]["sentences"][0], "decisions": made["decisions"]["sentence"],
        "changes": made["changes"]["note"], "causes": made["causes"]["sentence"],
        "actions": made["actions"]["sentence"], "fixes": made["fixes"]["sentence"],
        "durations": made["durations"]["sentence"], "ahead": made["ahead"]["sentence"],
    }  # fmt: skip
    assert [part for part, sentence in said.items() if not sentence.startswith("No data: ")] == []
    assert [made["causes"]["groups"], made["actions"]["teams"], made["fixes"]["results"]] == [[], [], []]
    assert [made["durations"]["rows"], made["decisions"]["items"], made["changes"]["cards"]] == [[], [], []]
    assert not [line for line in made["trust"]["sentences"] if "0 of 0" in line]
    for page in (render_markdown.render(made), render_html.render(made)):
        assert not [sentence for sentence in said.values() if sentence not in page]
        assert not [word for word in ("nan", "None", "inf ", "0 of 0", "0 %") if word in page]
