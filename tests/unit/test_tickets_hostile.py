"""Tickets in, over record files and exports as nobody should write them: no crash, nothing lost, nobody's secret shown.

Not here: which ticket is of which action, and what an edit touches (test_tickets.py).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.others_words import for_csv
from pipelines.settings import SettingsError
from pipelines.tickets import back, exports
from tests.projects import NATIVE, Project, record
from tests.unit.test_tickets import brought, exported, issue, jira

ACTION = {"id": "A1", "title": "T", "status": "accepted"}
DONE = jira(issue("O-1", "INC-2026-00001~A1", "done", closed="2026-11-10"))
ADDRESS = "jo.doe@example.org"


def command(project: Project, *words: str) -> Result:
    return CliRunner().invoke(
        app, ["tickets", "in", str(project.home / "export.json"), "-C", str(project.home), *words]
    )


@pytest.mark.parametrize(
    "content",
    [
        record(1, actions=[ACTION | {"status": ["a"]}]),
        record(1, actions=[ACTION | {"status": {"a": "b"}}]),
        record(1, actions=[ACTION | {"change_control": "x"}]),
        record(1, actions=[ACTION | {"change_control": {"ticket": {"a": "b"}}}]),
        record(1, actions={"A1": ACTION}),
        record(1, actions=[ACTION], revision="two"),
        record(1, actions=[ACTION], revision={"a": "b"}),
        record(1, actions=[ACTION | {"status": ADDRESS}]),
        "schema_version: '1.1'\nid: INC-2026-00001\nid: twice\n",
    ],
    ids=str,
)
def test_a_record_that_a_run_would_set_aside_is_named_and_left_as_it_is(project: Project, content: dict | str) -> None:
    path = project.write("a.yml", content)
    before = path.read_bytes()
    result = brought(project, DONE)
    assert "records/a.yml: 1 record would be set aside, and `faultlines check` says why" in result.remarks[0]
    assert (path.read_bytes(), result.revised) == (before, [])


def test_a_group_that_was_left_blank_is_one_that_says_nothing(project: Project) -> None:
    project.write("a.yml", record(1, actions=[ACTION | {"change_control": None}]))
    assert "`change_control` is there, and empty" in brought(project, DONE).remarks[0]


@pytest.mark.parametrize(
    ("encoding", "data"),
    [("utf-16", lambda text: b"\xfe\xff" + text.encode("utf-16-be")), ("utf-8-sig", str.encode)],
)
def test_a_file_whose_bytes_could_not_stay_is_left_to_a_person(project: Project, encoding: str, data) -> None:
    project.declare([NATIVE | {"encoding": encoding}])
    path = project.write("a.yml", data(yaml.safe_dump(record(1, actions=[ACTION]))))
    before = path.read_bytes()
    assert f"it is not written as {encoding} writes it" in brought(project, DONE).remarks[0]
    assert path.read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_in_another_encoding_stays_in_it(project: Project, encoding: str) -> None:
    project.declare([NATIVE | {"encoding": encoding}])
    text = yaml.safe_dump(record(1, title="für", actions=[ACTION]), allow_unicode=True, sort_keys=False)
    path = project.write("a.yml", text.encode(encoding))
    assert brought(project, DONE).remarks == []
    assert "status: done" in path.read_bytes().decode(encoding) and "für" in path.read_bytes().decode(encoding)


def test_one_file_that_cannot_be_written_costs_no_other(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [project.write(f"{n}.yml", record(n, actions=[ACTION])) for n in (1, 2, 3)]
    paths[0].chmod(0o444)
    judged = back.weigh

    def slowly(*given):
        result = judged(*given)
        paths[1].write_text("# saved by its author in the meantime\n")
        return result

    monkeypatch.setattr(back, "weigh", slowly)
    result = brought(project, jira(*(issue(f"O-{n}", f"INC-2026-0000{n}~A1", "done") for n in (1, 2, 3))))
    assert [one.path for one in result.revised] == [paths[2]]
    assert ["read-only" in result.remarks[0], "in the meantime" in result.remarks[1]] == [True, True]
    assert paths[1].read_text() == "# saved by its author in the meantime\n"


def test_no_address_is_shown_whether_in_a_name_a_line_near_by_or_a_word_of_the_tracker(project: Project) -> None:
    action = ACTION | {"title": f"Ask {ADDRESS}"}
    project.write(f"{ADDRESS}\n::error::owned.yml", record(1, title=ADDRESS, actions=[action]))
    exported(project, DONE)
    shown = [command(project, "--dry-run"), command(project)]
    exported(project, jira(issue("O-1", "INC-2026-00001~A1", "done", resolution=ADDRESS)))
    shown += [command(project, "--json"), command(project)]
    for one in shown:
        said = one.stdout + one.stderr
        assert "INC-2026-00001~A1" in said or "+  status: done" in said
        assert ADDRESS not in said and not [line for line in said.splitlines() if line.startswith("::")]
    assert "+  status: done" in shown[0].stdout


@pytest.mark.parametrize("word", ["unknown", "withheld", "not_applicable"])
def test_a_ticket_that_is_called_like_a_missing_one_is_refused(tmp_path: Path, word: str) -> None:
    (tmp_path / "x.json").write_text(jira(issue(word, "INC-1~A1", "done")))
    with pytest.raises(SettingsError, match="no name of a ticket"):
        exports.read(tmp_path / "x.json")


def test_an_export_larger_than_any_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "x.json").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SettingsError, match="at most"):
        exports.read(tmp_path / "x.json")


@pytest.mark.parametrize("text", ["a;=1+1", 'a";=1', "a; -1", "a\n=1", "a\t@x"])
def test_no_cell_begins_a_formula_where_semicolons_part_cells(text: str) -> None:
    assert not [
        part
        for part in for_csv(text).replace("\n", ";").replace("\t", ";").split(";")
        if part.strip(' "')[:1] in "=+-@"
    ]


def test_twenty_thousand_keys_in_an_export_are_looked_for_at_once(project: Project) -> None:
    for n in range(20):
        project.write(f"{n}.yml", record(n, actions=[ACTION]))
    text = " ".join(f"{n:x}~a" for n in range(20_000))
    result = brought(project, json.dumps({"issues": [{"key": "O-1", "fields": {"summary": text}}]}))
    assert "no action here" in result.remarks[0] and len(result.remarks[0]) < 100
