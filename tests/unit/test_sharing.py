"""The doors of "Share": what goes to stdout and to stderr, and with which exit code.

Not here: what a reading says (test_readings.py), what a ticket changes (test_tickets.py).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.projects import Project, record
from tests.unit.test_tickets import issue, jira


def said(*words: str):
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def two(project: Project) -> Project:
    """A project of one good record with two actions, and one that is none."""
    actions = [{"id": f"A{n}", "title": f"Do {n}", "status": "accepted"} for n in (1, 2)]
    project.write("a.json", json.dumps(record(1, actions=actions)))
    project.write("b.json", json.dumps(record(2, severity="high")))
    return project


def test_one_reading_goes_to_stdout_and_what_is_no_record_to_stderr(two: Project):
    done = said("read", str(two.home / "records" / "a.json"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("# Scores late in region 1\n")
    done = said("read", str(two.home / "records"))
    assert done.exit_code == 1
    assert "PM022" in done.stderr and "b.json:1:" in done.stderr
    assert done.stdout.startswith("# Scores late in region 1\n")


def test_several_readings_ask_for_a_folder_and_name_what_they_wrote(project: Project, tmp_path: Path):
    for n in (1, 2):
        project.write(f"{n}.json", json.dumps(record(n)))
    done = said("read", str(project.home / "records"))
    assert done.exit_code == 2 and "2 records: name a folder for them with --out" in done.stderr
    done = said(
        "read", str(project.home / "records"), "--format", "html", "--for", "risk", "--out", str(tmp_path / "o")
    )
    names = [Path(line).name for line in done.stdout.splitlines()]
    assert names == ["INC-2026-00001-risk.html", "INC-2026-00002-risk.html", "index-risk.html"]


def test_as_json_a_reading_is_its_facts(two: Project):
    (facts,) = json.loads(said("read", str(two.home / "records" / "a.json"), "--for", "executive", "--json").stdout)
    assert (facts["reader"]["name"], facts["record"]["id"]) == ("executive", "INC-2026-00001")


def test_a_reader_nobody_knows_and_a_past_of_files_are_usage_errors(two: Project):
    file = str(two.home / "records" / "a.json")
    assert said("read", file, "--for", "nobody").exit_code == 2
    assert said("read", file, "--as-of", "2026-11-01").exit_code == 2


def test_actions_go_to_a_file_or_to_stdout_and_the_count_to_stderr(two: Project):
    file = str(two.home / "records" / "a.json")
    done = said("tickets", "out", file)
    assert done.stdout.splitlines()[1].startswith("INC-2026-00001~A1,INC-2026-00001,A1,Do 1,")
    assert done.stderr == "2 actions\n"
    done = said("tickets", "out", file, "--for", "github", "--out", str(two.home / "out"), "--json")
    assert json.loads(done.stdout) == {"written": 2, "left_out": 0}
    assert len((two.home / "out").read_text().splitlines()) == 2


def test_tickets_in_ends_with_1_where_something_is_left_to_a_person(two: Project):
    def brought(*issues: dict, more: tuple[str, ...] = ()):
        (two.home / "x.json").write_text(jira(*issues))
        return said("tickets", "in", str(two.home / "x.json"), "--project", str(two.home), *more)

    good = issue("O-1", "INC-2026-00001~A1", "done")
    done = brought(good, more=("--dry-run",))
    assert done.exit_code == 0 and "next:" not in done.stderr and "+" in done.stdout
    done = brought(good)
    assert done.exit_code == 0 and done.stderr == "next: faultlines run\n"
    assert done.stdout.splitlines()[-1] == "1 action in 1 file"
    assert json.loads(brought(good, more=("--json",)).stdout) == {"changes": [], "left_alone": [], "others": 0}
    done = brought(issue("O-2", "INC-2026-00001~A2", "odd"))
    assert done.exit_code == 1
    assert "left alone: O-2: `odd` is no listed word of jira (INC-2026-00001~A2)" in done.stderr
    assert said("tickets", "in", "nowhere.json", "--project", str(two.home)).exit_code == 2
