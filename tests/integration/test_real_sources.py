"""Other people's post-mortems all the way: the figures they must give, and what the page must own up to."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.battery.warm import Warm
from tests.projects import Project

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def real(warm: Warm, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped declaration of all sources, run over the real folders."""
    examples = tmp_path_factory.mktemp("real") / "examples"
    shutil.copytree(ROOT / "examples", examples, ignore=shutil.ignore_patterns(".faultlines", "reports", "simulated"))
    project = Project(examples / "real")
    done = warm.run(project.home, FAULTLINES_DATA=str(shared_data), FAULTLINES_NOW="2026-11-23T06:00:00Z")
    assert done.returncode == 0, done.stderr
    return project


def test_every_file_is_accounted_for(real: Project) -> None:
    files = real.query(
        "select source, kind, count(*), sum(records), sum(quarantined) from raw.files group by all order by all"
    )
    assert files == [
        ("atlas", "ignored", 2, 0, 0),
        ("atlas", "read", 57, 57, 0),
        ("avid", "ignored", 3, 0, 0),
        ("avid", "read", 1785, 1785, 0),
        ("dfds", "ignored", 4, 0, 0),
        ("dfds", "read", 39, 39, 0),
        ("gmf", "ignored", 2, 0, 0),
        ("gmf", "read", 1, 41, 0),
        ("jenkins", "ignored", 3, 0, 0),
        ("jenkins", "read", 297, 297, 0),
        ("mybinder", "ignored", 4, 0, 0),
        ("mybinder", "read", 23, 23, 0),
        ("posthog", "ignored", 4, 0, 0),
        ("posthog", "read", 7, 7, 0),
    ]


def test_dfds_gives_its_timed_events_and_action_items(real: Project) -> None:
    timed = real.query(
        "select count(*) from (select record_id from marts.timeline_events join marts.incidents using (record_id) "
        "where source = 'dfds' and is_timed group by 1 having count(*) >= 2)"
    )
    actions = real.query(
        "select count(*) from marts.actions join marts.incidents using (record_id) where source = 'dfds'"
    )
    assert timed[0][0] >= 36 and actions[0][0] >= 120


def test_mybinder_and_posthog_give_their_action_items_and_their_timed_events(real: Project) -> None:
    actions = real.query(
        "select source, count(*) from marts.actions join marts.incidents using (record_id) "
        "where source in ('mybinder', 'posthog') group by 1 order by 1"
    )
    timed = real.query(
        "select source, count(*) from marts.timeline_events join marts.incidents using (record_id) "
        "where is_timed and source in ('mybinder', 'posthog') group by 1 order by 1"
    )
    assert actions == [("mybinder", 124), ("posthog", 70)]
    assert timed == [("mybinder", 194), ("posthog", 73)]


def test_a_report_of_a_near_miss_or_a_false_alarm_is_not_counted(real: Project) -> None:
    kinds = real.query(
        "select record_kind, is_counted, count(*) from marts.incidents "
        "where source = 'mybinder' group by all order by all"
    )
    assert kinds == [("false_positive", False, 1), ("incident", True, 21), ("near_miss", False, 1)]


def test_a_stated_duration_is_read_or_absent_for_the_reason_the_author_gave(real: Project) -> None:
    stated = real.query(
        "select phase, count(minutes), count(*) filter (state = 'unknown'), count(*) filter (state = 'not_applicable') "
        "from marts.incident_phases join marts.incidents using (record_id) "
        "where source = 'dfds' and basis = 'stated' group by 1 order by 1"
    )
    assert stated == [("detect", 30, 4, 2), ("resolve", 30, 3, 3)]
    assert real.query(
        "select minutes from marts.incident_phases "
        "where record_id = 'PM2022-009' and phase = 'resolve' and basis = 'stated'"
    ) == [(54 * 60 + 10,)]


def test_the_eight_that_end_before_they_start_are_flagged_and_have_no_duration(real: Project) -> None:
    flagged = real.query(
        "select count(*), count(p.minutes) from marts.incidents i join marts.incident_phases p using (record_id) "
        "where i.source = 'jenkins' and i.is_chronology_faulty and p.phase = 'resolve' and p.basis = 'computed'"
    )
    assert flagged == [(8, 0)]


def test_maintenance_is_never_counted_as_an_incident(real: Project) -> None:
    kinds = dict(real.query("select record_kind, count(*) from marts.incidents where source = 'jenkins' group by 1"))
    assert kinds["maintenance"] > kinds["incident"] > 0 and sum(kinds.values()) == 297
    assert real.query("select count(*) from marts.incidents where record_kind = 'maintenance' and is_counted") == [(0,)]


def test_the_page_says_what_it_cannot_say(real: Project) -> None:
    facts = json.loads((real.home / "reports" / "2026-W47" / "facts.json").read_text())
    text = json.dumps(facts)
    assert "Without a category: 215 of 215" in text and "No record states a time to acknowledge" in text


def test_no_attendee_is_in_the_warehouse_by_initials(real: Project) -> None:
    assert real.query("select count(*) from raw.participants where person not like 'person-%'") == [(0,)]


def test_every_sentence_of_the_page_on_real_data_gives_what_stands_there(real: Project) -> None:
    page = (ROOT / "docs" / "real-data.md").read_text(encoding="utf-8")
    stated = re.findall(r"```sql\n(.+?)\n```\n\n→ `(.+?)`\n", page, flags=re.DOTALL)
    assert len(stated) == page.count("```sql") >= 15
    for sql, result in stated:
        rows = real.query(sql)
        found = "; ".join(", ".join("NULL" if value is None else str(value) for value in row) for row in rows)
        assert found == result, sql
