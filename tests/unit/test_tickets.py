"""Tickets: what goes out, which action a ticket is of, and record files in which nothing but the answer changes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.readings.records import Held
from pipelines.settings import SettingsError
from pipelines.tickets import edit, exports, out, words
from pipelines.tickets.back import Result, bring_back, weigh
from pipelines.tickets.keys import key, keys
from tests.battery import hostile, inert
from tests.battery.test_output_pages import RENDERERS
from tests.projects import Project, record

NOW = "2026-11-16T06:00:00Z"
BLOCK = """# a comment of its own
schema_version: "1.0"
id: INC-1
revision: 3   # ours
title: 'Scores: late'   # keep
stage: draft
category: service_degradation
severity: sev2
scope: {summary: "Requests – of 😀 all"}
chronology:
    impact_started_at: 2026-05-04T06:00Z
    detected_at:   2026-05-04T06:10Z
actions:
  # the first
  - id: A1
    title: Do it
    status: accepted   # by the team
    due_on: 2026-06-15
  - {id: A2, title: "Do more", status: 'proposed', change_control: {rollback_plan: none}}
  - id: A3
    title: >-
      Folded
      text
    change_control:
      rollback_plan: Warn
"""


def held(content: dict) -> Held:
    return Held(content, "0" * 64, "a.yml:1", None, None)


def jira(*issues: dict) -> str:
    return json.dumps({"startAt": 0, "issues": list(issues)})


def issue(number: str, text: str, category: str, status: str = "", resolution: str = "", closed: str = "") -> dict:
    """As Jira's REST search gives it, nulls and all."""
    fields = {
        "summary": text,
        "labels": ["faultlines"],
        "status": {"name": status or category, "statusCategory": {"key": category}},
        "resolution": {"name": resolution} if resolution else None,
        "resolutiondate": f"{closed}T14:05:11.000+0100" if closed else None,
    }
    return {"key": number, "fields": fields}


def brought(project: Project, export: str) -> Result:
    return bring_back(project.settings, exported(project, export), print)


def exported(project: Project, export: str) -> Path:
    path = project.home / "export.json"
    path.write_text(export)
    return path


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_word_of_ours_has_its_step_and_no_tracker_word_means_two_things():
    known = words.load()
    assert known.finished == {"done", "rejected", "superseded"}
    for tracker in known.trackers.values():
        for lookup in tracker["lookups"]:
            folded = [word.casefold() for word in lookup["words"]]
            assert len(folded) == len(set(folded))


def test_a_key_is_found_again_in_a_sentence_and_no_two_actions_share_one():
    assert keys([f"see {key('INC/9#b', 'A:1')}.", "and x~y"]) == ["INC/9#b~A:1", "x~y"]
    assert key("a/b", "c") != key("a", "b/c")
    contract = bundle.load()["properties"]
    for pattern in (contract["id"]["pattern"], contract["actions"]["items"]["properties"]["id"]["pattern"]):
        assert "~" not in pattern


def test_imports_leave_out_what_is_finished_or_has_a_ticket_and_the_csv_has_all():
    actions = [{"id": f"A{n}", "title": "T", "status": status} for n, status in enumerate(words.load().steps)]
    actions.append({"id": "B", "title": "T", "status": "accepted", "change_control": {"ticket": "X-1"}})
    actions.append({"title": "without an id"})
    one = held(record(1, actions=actions))
    assert {row["action"] for row in rows(out.file([one], "csv")[1])} == {"A0", "A1", "A2", "A3", "A4", "A5", "B"}
    summary, text = out.file([one], "github")
    assert [json.loads(line)["title"][:22] for line in text.splitlines()] == [
        f"[INC-2026-00001~A{n}] T" for n in range(3)
    ]
    assert summary == {"written": 3, "left_out": 4}
    assert [row["Summary"][16:18] for row in rows(out.file([one], "jira")[1])] == ["A0", "A1", "A2"]


@pytest.mark.parametrize("family", hostile.FAMILIES)
def test_no_text_of_an_action_is_a_formula_markup_or_a_row_of_its_own(family):
    content = hostile.record(1, hostile.of(family))
    content["actions"][0].pop("change_control")
    for form in ("csv", "jira"):
        (row,) = csv.reader(io.StringIO(out.file([held(content)], form)[1].partition("\n")[2]))
        assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@") and cell]
    (line,) = out.file([held(content)], "github")[1].splitlines() if "\u2028" not in hostile.of(family) else ["{}"]
    body = json.loads(line).get("body", "")
    render = list(RENDERERS.values())[len(family) % 3]
    assert inert.acts(render(body), may_link=False) == []
    (row,) = rows(out.file([held(content)], "jira")[1])
    assert not [start for start in ("{html", "{{ 7", "[click", "!x") if f" {start}" in row["Description"]]


def test_a_ticket_finds_its_action_by_key_or_by_the_number_the_action_names(project: Project):
    content = record(1, actions=[
        {"id": "A1", "title": "T", "status": "accepted"},
        {"id": "A2", "title": "T", "status": "in_progress", "change_control": {"ticket": "OPS-2"}},
    ])  # fmt: skip
    project.write("a.yml", content)
    result = brought(
        project,
        jira(
            issue("OPS-1", "[INC-2026-00001~A1] T", "indeterminate"),
            issue("OPS-2", "renamed", "done", closed="2026-11-10"),
            issue("OPS-3", "of somebody else", "done"),
        ),
    )
    assert [change.values for change in result.changes] == [
        {("status",): "in_progress", ("change_control", "ticket"): "OPS-1"},
        {("status",): "done", ("implemented_on",): "2026-11-10"},
    ]
    assert (result.remarks, result.others) == ([], 1)


@pytest.mark.parametrize(
    ("issues", "said"),
    [
        ([issue("O-1", "INC-2026-00001~A9", "done")], "no action here has the key INC-2026-00001~A9"),
        ([issue("O-1", "INC-2026-00001~A1 INC-2026-00001~A2", "done")], "holds the keys of 2 actions"),
        ([issue("O-1", "INC-2026-00001~A1", "done"), issue("O-2", "INC-2026-00001~A1", "new")], "2 tickets: O-1, O-2"),
        ([issue("O-1", "INC-2026-00001~A2", "new")], "the record says done, O-1 says `new`; settle it by hand"),
        ([issue("O-1", "INC-2026-00001~A2", "done", "", "Won't Do")], "the record says done, O-1 says `Won't Do`"),
        ([issue("O-1", "INC-2026-00001~A3", "done")], "the record says withheld"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_said_and_left_alone(project: Project, issues: list, said: str):
    actions = [
        {"id": f"A{n}", "title": "T", "status": status} for n, status in enumerate(("accepted", "done", "withheld"), 1)
    ]
    path = project.write("a.yml", record(1, actions=actions))
    before = path.read_bytes()
    result = brought(project, jira(*issues))
    assert len(result.remarks) == 1 and said in result.remarks[0]
    assert path.read_bytes() == before


def test_an_action_that_stands_twice_is_left_alone(project: Project):
    for name in ("a.yml", "b.yml"):
        project.write(name, record(1, actions=[{"id": "A1", "title": "T"}]))
    result = brought(project, jira(issue("O-1", "INC-2026-00001~A1", "done")))
    assert "stands twice" in result.remarks[0] and not result.revised


def test_one_word_that_is_not_listed_stops_all_of_it(project: Project):
    path = project.write("a.yml", record(1, actions=[{"id": f"A{n}", "title": "T"} for n in (1, 2)]))
    before = path.read_bytes()
    known = issue("O-1", "INC-2026-00001~A1", "done")
    result = brought(project, jira(known, issue("O-2", "INC-2026-00001~A2", "done", resolution="Obsolete")))
    assert result.remarks[0] == "O-2: `Obsolete` is no listed word of jira (INC-2026-00001~A2)"
    assert "nothing was changed" in result.remarks[1]
    assert path.read_bytes() == before and not result.revised


def test_a_status_that_people_made_in_jira_counts_by_its_category():
    ours, said = words.load().ours, {"fields.status.name": "In QA"}
    assert ours("jira", said | {"fields.status.statusCategory.key": "indeterminate"}) == ("in_progress", "In QA")
    assert ours("jira", said | {"fields.status.statusCategory.key": "odd"}) == (None, "odd")


def test_only_what_changes_is_touched_in_yaml(project: Project):
    path = project.write("a.yml", BLOCK)
    brought(
        project,
        jira(
            issue("O-1", "INC-1~A1", "done", closed="2026-11-10"),
            issue("O-2", "INC-1~A2", "done", resolution="Won't Do"),
            issue("O-3", "INC-1~A3", "new"),
        ),
    )
    assert path.read_text() == (
        BLOCK.replace("id: INC-1\n", f"id: INC-1\nrecorded_at: {NOW}\n")
        .replace("revision: 3 ", "revision: 4 ")
        .replace(
            "status: accepted   # by the team\n",
            "status: done   # by the team\n    change_control: {ticket: O-1}\n    implemented_on: 2026-11-10\n",
        )
        .replace(
            "status: 'proposed', change_control: {rollback_plan: none}",
            "status: 'rejected', status_reason: \"Won't Do, says O-2\", "
            "change_control: {rollback_plan: none, ticket: O-2}",
        )
        .replace("      rollback_plan: Warn\n", "      rollback_plan: Warn\n      ticket: O-3\n")
    )


@pytest.mark.parametrize("name", ["a.yml", "a.md", "a.json", "array.json", "a.ndjson", "pretty.json"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_form_of_record_is_edited_and_every_other_character_stays(project: Project, name: str, ending: str):
    content = record(1, title="a \u00e4 \U0001f600 \\ b", actions=[{"id": "A1", "title": "T", "status": "accepted"}])
    other = record(2, actions=[{"id": "A1", "title": "T", "status": "accepted"}])
    one = json.dumps(content)
    text = {
        "a.yml": BLOCK.replace("INC-1", "INC-2026-00001"),
        "a.md": "---\n" + BLOCK.replace("INC-1", "INC-2026-00001") + "---\n\nProse: status: accepted\n",
        "a.json": one,
        "array.json": json.dumps([other, content], indent=1, ensure_ascii=False),
        "a.ndjson": f"{json.dumps(other)}\n\n{one}\n",
        "pretty.json": json.dumps(content, indent=2) + "\n",
    }[name].replace("\n", ending)
    path = project.write(name, text.encode())
    result = brought(project, jira(issue("O-1", "INC-2026-00001~A1", "done", closed="2026-11-10")))
    assert result.remarks == []
    changed = path.read_bytes().decode()
    removed = [
        line for line in result.revised[0].diff().split("\n") if line.startswith("-") and not line.startswith("---")
    ]
    assert len(removed) <= 3
    assert changed.count(ending) - text.count(ending) == dict.fromkeys(
        ("a.yml", "a.md", "array.json", "pretty.json"), 3
    ).get(name, 0)
    assert ("\r" in changed) == ("\r" in text)
    assert brought(project, jira(issue("O-1", "INC-2026-00001~A1", "done", closed="2026-11-10"))).revised == []


def test_a_value_on_several_lines_is_left_to_a_person(project: Project):
    text = BLOCK.replace("status: accepted   # by the team", "status: |-\n      accepted")
    path = project.write("a.yml", text)
    result = brought(project, jira(issue("O-1", "INC-1~A1", "done")))
    assert "set it by hand (`status` is not on one line)" in result.remarks[0]
    assert path.read_text() == text


def test_an_edit_that_would_change_more_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch):
    path = project.write("a.yml", BLOCK)
    real = edit.edited
    monkeypatch.setattr(edit, "edited", lambda *given: real(*given).replace("sev2", "sev1"))
    result = brought(project, jira(issue("O-1", "INC-1~A1", "done")))
    assert "the edit would change more than it should" in result.remarks[0]
    assert path.read_text() == BLOCK


def test_what_it_would_come_to_is_shown_as_a_diff_and_nothing_is_written(project: Project):
    path = project.write("a.yml", BLOCK)
    result = weigh(project.settings, exported(project, jira(issue("O-1", "INC-1~A1", "done"))))
    assert "-    status: accepted   # by the team\n+    status: done   # by the team\n" in result.diffs()[0]
    assert path.read_text() == BLOCK and not project.settings.state.exists()


def test_github_and_servicenow_exports_are_read_by_their_shape(tmp_path: Path):
    (tmp_path / "gh.json").write_text(
        json.dumps(
            [
                {
                    "number": 7,
                    "title": "t",
                    "body": "`INC-1~A1`",
                    "state": "CLOSED",
                    "stateReason": "NOT_PLANNED",
                    "closedAt": "2026-11-10T08:00:00Z",
                    "url": "https://github.com/o/r/issues/7",
                    "labels": [],
                },
                {"number": 8, "title": "t", "state": "open", "state_reason": None, "closed_at": None},
            ]
        )  # fmt: skip
    )
    tracker, (first, second) = exports.read(tmp_path / "gh.json")
    assert (first.number, first.closed_on, second.number) == ("o/r#7", "2026-11-10", "#8")
    assert [words.load().ours(tracker, one.said)[0] for one in (first, second)] == ["rejected", "not_begun"]
    (tmp_path / "sn.csv").write_text(
        "\ufeffNumber,Short description,State,Closed,Correlation ID\r\n"
        'PTASK1,"a, ""b""\nc",Closed Complete,2026-11-10 09:00:00,INC-1~A1\r\nPTASK2,x,Work in Progress,,\r\n'
    )
    tracker, (first, second) = exports.read(tmp_path / "sn.csv")
    assert (tracker, first.number, first.closed_on, keys(list(first.texts))) == (
        "servicenow",
        "PTASK1",
        "2026-11-10",
        ["INC-1~A1"],
    )
    assert [words.load().ours(tracker, one.said)[0] for one in (first, second)] == ["done", "in_progress"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"issues": [1]}', "a,b\n1,2\n", '[{"number": 1, "state": 3}]', "{"])
def test_a_file_that_is_no_export_is_refused_in_one_line(tmp_path: Path, text: str):
    (tmp_path / "x").write_text(text)
    with pytest.raises(SettingsError, match="^[^\n]+$"):
        exports.read(tmp_path / "x")


def test_a_tickets_name_cannot_write_into_the_record(tmp_path: Path):
    (tmp_path / "x.json").write_text(jira(issue("O-1\nseverity: sev1", "INC-1~A1", "done")))
    with pytest.raises(SettingsError, match="no name of a ticket"):
        exports.read(tmp_path / "x.json")


def test_the_loop_closes_out_in_and_into_the_warehouse(project: Project):
    actions = [{"id": f"A{n}", "title": f"Do {n}", "status": "accepted", "due_on": "2026-12-01"} for n in (1, 2)]
    project.write("a.yml", record(1, revision=1, actions=actions))
    project.write("b.json", json.dumps(record(2, actions=actions)))
    project.ingest()
    there = [held(json.loads(one)) for (one,) in project.query("SELECT record FROM raw.revisions ORDER BY record_id")]
    taken = rows(out.file(there, "jira")[1])
    assert len(taken) == 4
    export = jira(*(issue(f"OPS-{n}", row["Summary"], "done", closed="2026-11-12") for n, row in enumerate(taken[:3])))
    assert len(brought(project, export).changes) == 3
    project.ingest()
    assert project.query(
        "SELECT record_id, id, status, implemented_on::VARCHAR, change_control_ticket, stated_revision "
        "FROM raw.actions JOIN raw.revisions USING (record_id, revision_id) WHERE generation = 2 ORDER BY ALL"
    ) == [
        ("INC-2026-00001", "A1", "done", "2026-11-12", "OPS-0", 2),
        ("INC-2026-00001", "A2", "done", "2026-11-12", "OPS-1", 2),
        ("INC-2026-00002", "A1", "done", "2026-11-12", "OPS-2", None),
        ("INC-2026-00002", "A2", "accepted", None, None, None),
    ]
    assert brought(project, export).revised == []
    assert project.ingest()["records"]["accepted"] == 0
