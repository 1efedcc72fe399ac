"""`faultlines check`: what it finds where, in each form; what the next stage asks for; which files it looks at.

Here: small projects, in this process. Not here: every rule and keyword (tests/integration/test_mutated_records.py), nor
that a run says the same (tests/integration/test_check_and_run.py).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from pipelines.checking import command, machine
from pipelines.checking.check import check
from pipelines.checking.next_stage import lacks
from pipelines.checking.screen import Screen
from pipelines.cli import app
from pipelines.contract import bundle
from pipelines.ingest.chosen import choose, project_of
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.settings import ROOT
from tests.projects import NATIVE, Project, record

WORKED = sorted((ROOT / "examples" / "records").glob("*.yml"))
TOKEN = "ghp_" + "a1B2" * 9
MISSPELT = """\
schema_version: "1.0"
id: INC-2026-0142
title: Limits rose
stage: draft
category: data_quality_anomaly
severity: high
scope: {sumary: "Limits of 4 May"}
chronology: {impact_started_at: 2026-05-04T06:40Z, detected_at: 2026-05-04T07:30Z}
"""


def faultlines(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, words)])


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a project, looked at from inside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FAULTLINES_PROJECT", raising=False)
    return tmp_path


def test_every_problem_is_printed_with_place_line_caret_and_fix(bare: Path) -> None:
    (bare / "a.yml").write_text(MISSPELT)
    shown = faultlines("a.yml")
    assert shown.exit_code == 1
    assert shown.stdout == (
        "error[PM022]: `high` is not a word for this field\n"
        " --> a.yml:6:1  (severity)\n"
        "  |\n"
        "6 | severity: high\n"
        "  | ^^^^^^^^^^^^^^\n"
        "  = help: write one of sev1, sev2, sev3, sev4, unknown, not_applicable, withheld\n"
        "\n"
        "error[PM021]: `summary` is missing\n"
        " --> a.yml:7:1  (scope.summary)\n"
        "  |\n"
        '7 | scope: {sumary: "Limits of 4 May"}\n'
        "  | ^^^^^\n"
        "  = help: add `summary`; stage draft asks for it\n"
        "\n"
        "error[PM020]: `sumary` is not a field here\n"
        " --> a.yml:7:9  (scope.sumary)\n"
        "  |\n"
        '7 | scope: {sumary: "Limits of 4 May"}\n'
        "  |         ^^^^^^\n"
        "  = help: looks like a misspelling; rename it to `summary`\n"
        "\n"
    )
    assert shown.stderr == (
        "1 record checked: 3 errors, 0 warnings; rules are judged of a record that has its form; "
        "next: faultlines explain PM022\n"
    )


def test_a_warning_is_printed_as_one_and_is_no_failure(project: Project) -> None:
    project.write("a.yml", record(1, title="Human error"))
    shown = faultlines(project.home / "records")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("warning[PM505]: «human error» judges a person")
    assert "1 record checked: 0 errors, 1 warning; next: faultlines explain PM505" in shown.stderr


def test_json_holds_counts_problems_and_what_the_next_stage_asks_for(bare: Path) -> None:
    (bare / "a.yml").write_text(MISSPELT)
    (bare / "b.yml").write_text(yaml.safe_dump(record(1)))
    said = json.loads(faultlines(bare, "--format", "json").stdout)
    assert (said["records"], said["errors"], said["warnings"]) == (2, 3, 0)
    assert said["problems"][0] == {
        "file": "a.yml", "line": 6, "column": 1, "code": "PM022", "field": "severity", "severity": "error",
        "message": "`high` is not a word for this field", "record_id": "INC-2026-0142",
        "fix": "write one of sev1, sev2, sev3, sev4, unknown, not_applicable, withheld",
    }  # fmt: skip
    (one,) = said["next_stage"]
    assert (one["file"], one["stage"], one["next"]) == ("b.yml", "draft", "review")
    assert "timeline" in one["fields"] and "scope.summary" not in one["fields"]


def test_github_gets_a_command_for_each_problem_that_no_text_can_end(bare: Path) -> None:
    (bare / "a,b.yml").write_text(MISSPELT.replace("high", '"50%: high\\n::error::x"'))
    first, *_ = faultlines("a,b.yml", "--format", "github").stdout.splitlines()
    assert first.startswith("::error file=a%2Cb.yml,line=6,col=1,title=PM022::severity: `50%25: high\\n::error::x`")


def test_a_record_without_errors_is_told_what_its_next_stage_asks_for(bare: Path) -> None:
    (bare / "a.yml").write_text(yaml.safe_dump(record(0)))
    shown = faultlines("a.yml")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("INC-2026-00000 (draft) has no error; review asks for: recorded_at, record_kind, ")
    assert shown.stderr == "1 record checked: 0 errors, 0 warnings; next: faultlines run\n"


def test_the_next_stage_asks_for_what_the_contract_would_refuse_there() -> None:
    """Two ways to one answer: the list of what is asked, and the validator with the record moved on by a stage."""
    contract, found = Contract(bundle.load()), check(choose(WORKED, None)).next_stages
    assert len(found) >= 5
    for one in found:
        written = yaml_events.load((ROOT / "examples" / "records" / one.file[1]).read_text())
        moved = contract.typed(written | {"stage": one.next})
        refused = {
            re.sub(r"\.\d+", "[]", ".".join(str(step) for step in (*error.instance_path, error.kind.property)))
            for error in contract._validator.iter_errors(moved)
            if error.kind.name == "required"
        }
        # a group that is missing whole is refused as one, and asked for field by field
        assert {name for name in refused if not _covers(name, one.fields)} == set(), one.record_id
        assert {name for name in one.fields if not any(_covers(group, [name]) for group in refused)} == set()


def _covers(group: str, fields: Iterable[str]) -> bool:
    return any(field == group or field.startswith((f"{group}.", f"{group}[]")) for field in fields)


def test_a_field_of_a_list_is_lacking_where_one_entry_lacks_it() -> None:
    asked = ["actions[]", "due_on"]
    assert lacks({"actions": [{"due_on": "2026-05-04"}, {}]}, asked)
    assert not lacks({"actions": [{"due_on": "unknown"}]}, asked) and not lacks({"actions": []}, asked)


def test_a_record_is_held_to_the_stage_that_is_asked(bare: Path) -> None:
    (bare / "a.yml").write_text(yaml.safe_dump(record(1)))
    shown = faultlines("a.yml", "--stage", "review")
    assert shown.exit_code == 1 and "error[PM021]: `timeline` is missing" in shown.stdout
    assert "add `timeline`; stage review asks for it" in shown.stdout
    (bare / "b.yml").write_text(yaml.safe_dump(record(2, stage="finished")))
    assert "error[PM022]: `finished` is not a word" in faultlines("b.yml", "--stage", "draft").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.yml"], "nowhere.yml: no such file or folder"),
        (["empty"], "no records here"),
        (["a.yml", "--stage", "done"], "no stage 'done'; there are imported, draft, review, published, verified"),
        ([], "no faultlines.yml here or above"),
        (["a.yml", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_usage_is_told_and_exits_2(bare: Path, words: list[str], says: str) -> None:
    (bare / "empty").mkdir()
    (bare / "a.yml").write_text(MISSPELT)
    shown = faultlines(*words)
    assert shown.exit_code == 2 and says in shown.stderr and shown.stdout == ""


def test_a_file_of_a_project_is_read_as_its_source_declares(project: Project) -> None:
    naive = record(1, recorded_at="2026-05-04T06:00")
    path = project.write("a.yml", naive)
    assert faultlines(path).exit_code == 0  # the source has a time zone
    elsewhere = project.home / "elsewhere.yml"
    elsewhere.write_text(yaml.safe_dump(naive))
    assert "error[PM040]" in faultlines(elsewhere).stdout


def test_without_paths_the_native_sources_are_looked_at_and_their_records_together(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.home)
    project.write("later.yml", record(2, related=[{"id": "INC-2026-09999", "relation": "recurrence"}]))
    assert "warning[PM403]" in faultlines().stdout
    # of one file alone nobody can say that no earlier record exists
    assert "PM403" not in faultlines("records/later.yml").stdout


def test_a_file_that_a_mapping_reads_is_left_to_it(project: Project) -> None:
    (project.home / "m.sql").write_text("SELECT path, file_name AS id, {title: title} AS record FROM documents")
    project.declare([{"name": "prose", "glob": "prose/*.md", "reader": "markdown", "mapping": "m.sql"}])
    (project.home / "prose").mkdir()
    (project.home / "prose" / "a.md").write_text("# It broke\n")
    shown = faultlines(project.home / "prose" / "a.md")
    assert shown.exit_code == 2 and "faultlines source try prose" in shown.stderr


def test_a_link_that_leads_out_of_the_folder_is_not_followed(bare: Path) -> None:
    (bare / "secret.yml").write_text("token: of somebody else\n")
    (bare / "records").mkdir()
    (bare / "records" / "a.yml").symlink_to(bare / "secret.yml")
    shown = faultlines("records")
    assert "error[PM001]: this is a link that leads out" in shown.stdout and "somebody" not in shown.stdout


def test_neither_a_secret_nor_an_address_is_echoed_in_any_form(bare: Path) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\n    MIIEpAIBAAKCAQEA7\n    -----END RSA PRIVATE KEY-----"
    (bare / "a.yml").write_text(MISSPELT.replace("high", f"{TOKEN} of jo@example.com"))
    (bare / "b.yml").write_text(MISSPELT.replace("title:", f"notes: |\n    {key}\ntitle:"))
    found = check(choose([bare], None))
    for said in ("\n".join(Screen(found, False).lines()), machine.as_json(found), machine.as_github(found)):
        assert "PM022" in said and "PM020" in said
        assert TOKEN not in said and "jo@example.com" not in said and "MIIEpAIBAAKCAQEA7" not in said


def test_what_others_wrote_moves_no_cursor_and_the_caret_stands_under_what_is_meant(bare: Path) -> None:
    (bare / "a.json").write_text(json.dumps({"日本語": "\u202e", "severity": "sev2"}, ensure_ascii=False))
    shown = faultlines("a.json").stdout.splitlines()
    assert not any("\u202e" in line or "\x1b" in line for line in shown)
    at = next(n for n, line in enumerate(shown) if line.startswith("error[PM020]"))
    assert shown[at + 3].startswith('1 | {"日本語": "\\u202e"')
    assert shown[at + 4] == "  |  ^^^^^^^^"  # three letters of two columns each, and the quotes


def test_a_long_line_is_cut_round_what_is_wrong(bare: Path) -> None:
    line = json.dumps(record(1) | {"title": "x" * 3000, "severity": "high"})
    (bare / "a.ndjson").write_text(line + "\n")
    said = faultlines("a.ndjson").stdout.splitlines()
    place = next(n for n, text in enumerate(said) if text.startswith("1 | "))
    assert len(said[place]) < 140
    carets = said[place + 1]
    assert said[place][carets.index("^") : carets.rindex("^") + 1] == '"severity": "high"'


def test_colour_is_for_terminals_that_want_it(bare: Path) -> None:
    (bare / "a.yml").write_text(MISSPELT)
    found = check(choose([bare / "a.yml"], None))
    assert "\x1b[1;31merror[PM022]\x1b[0m" in next(Screen(found, is_coloured=True).lines())
    assert "\x1b" not in "".join(Screen(found, is_coloured=False).lines())


def test_two_records_on_one_line_are_told_apart(bare: Path) -> None:
    first, second = record(1), record(2, title="Human error")
    (bare / "a.json").write_text(f"[{json.dumps(first)}, {json.dumps(second)}]")
    (problem,) = check(choose([bare], None)).problems
    assert (bare / "a.json").read_text()[problem.column - 1 :].startswith('"title": "Human error"')


def test_a_file_out_of_which_lines_were_cut_is_shown_without_its_lines_rather_than_with_wrong_ones(bare: Path) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\n  MIIEpAIBAAKCAQEA7\n  -----END RSA PRIVATE KEY-----"
    (bare / "a.yml").write_text(MISSPELT.replace("title: Limits rose", f"title: |\n  {key}"))
    lines = list(Screen(check(choose([bare], None)), False).lines())
    assert " --> a.yml:9:1  (severity)" in lines and not any(line.startswith("9 |") for line in lines)


def test_a_project_that_the_environment_names_says_how_its_files_are_read(
    project: Project, tmp_path_factory, monkeypatch
):
    stated = record(1, chronology={"impact_started_at": "2026-05-04T06:40", "detected_at": "2026-05-04T07:00"})
    path = project.write("a.yml", stated)
    other = tmp_path_factory.mktemp("other")
    (other / "faultlines.yml").write_text(
        f"sources:\n  - {{name: own, glob: '{path}', reader: native, time_zone: Europe/Berlin}}\n"
    )
    monkeypatch.setenv("FAULTLINES_PROJECT", str(other))
    (source,) = (source for source, _ in choose([path], project_of([path], None)))
    assert source.time_zone == "Europe/Berlin"


def test_a_watch_that_is_ended_as_its_last_line_is_printed_ends_as_that_line_says(project: Project) -> None:
    path = project.write("a.yml", record(1, severity="high"))
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "0 errors" in line:
            raise KeyboardInterrupt
        if line.startswith("watching"):
            path.write_text(json.dumps(record(1)))

    assert command.watch([path], str(project.home), None, "github", False, say) is False
    assert [line for line in said if "1 error," in line] and "0 errors" in said[-1]


def test_a_watch_goes_on_while_a_file_is_away_for_being_saved(project: Project) -> None:
    path = project.write("a.yml", record(1))
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if not line.startswith("watching"):
            return
        match sum(one.startswith("watching") for one in said):
            case 1:
                path.rename(path.with_suffix(".away"))
            case 2:
                (project.home / "faultlines.yml").write_text("half writt")
            case 3:
                project.declare([NATIVE])
                os.mkfifo(path)
            case 4:
                path.unlink()
                path.with_suffix(".away").rename(path)
            case 5:
                raise KeyboardInterrupt

    assert command.watch([path], str(project.home), None, "github", False, say) is False
    assert ["0 errors" in said[0], "no such file" in said[2], "faultlines.yml:1" in said[4], "a pipe" in said[6]] == [
        True
    ] * 4
    assert "0 errors" in said[-2]


def test_a_pipe_in_a_folder_is_named_and_not_waited_at(bare: Path) -> None:
    (bare / "records").mkdir()
    os.mkfifo(bare / "records" / "a.yml")
    for form in ("text", "json", "github"):
        assert "PM001" in faultlines("records", "--format", form).stdout
    assert faultlines("records/a.yml").exit_code == 2


def test_no_file_name_begins_a_line_that_github_would_obey(bare: Path) -> None:
    (bare / "a\n::stop-commands::b.yml").write_text(MISSPELT)
    (bare / "c.yml").write_text(MISSPELT.replace("high", '"a\\n::error::owned %0A::error::"'))
    (bare / "d.yml").write_text(MISSPELT.replace("high", "x ##[add-mask]e").replace("scope", "a##[stop-commands]x"))
    lines = [line for form in ("text", "json") for line in faultlines(".", "--format", form).stdout.splitlines()]
    assert lines and not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
    commands = faultlines(".", "--format", "github").stdout.splitlines()
    assert commands and all(re.match(r"::(error|warning) file=[^:]+,line=\d+", line) for line in commands)
    assert not [line for line in commands if "%0A" in line]


def test_a_folder_whose_name_is_not_utf_8_is_read(bare: Path) -> None:
    folder = bare / os.fsdecode(b"\xff")
    folder.mkdir()
    (folder / "a.yml").write_text(MISSPELT)
    for path in (folder, folder / "a.yml"):
        assert json.loads(faultlines(path, "--format", "json").stdout)["errors"] > 0


EMPTY = """\
schema_version: "1.0"
id: INC-1
title: Limits rose
stage: draft
category: data_quality_anomaly
severity: sev2
scope:
  summary: Limits of 4 May
chronology:
  impact_started_at: 2026-05-04T06:40Z
  detected_at: 2026-05-04T07:30Z
  closed_at:
actions:
"""


@pytest.mark.parametrize("name", ["a.yml", "a.json", "a.ndjson", "a.md"])
def test_a_misspelt_key_is_found_before_it_is_given_a_value(bare: Path, name: str) -> None:
    text = EMPTY.replace("  summary: ", "  sumary:\n  summary: ").replace("closed_at:", "closd_at: ~")
    written = yaml.load(text, Loader=yaml.BaseLoader)
    written["scope"]["sumary"] = written["chronology"]["closd_at"] = written["actions"] = None
    other = json.dumps(written) if "json" in name else f"---\n{text}---\n"
    (bare / name).write_text(text if name == "a.yml" else other)
    found = json.loads(faultlines(name, "--format", "json").stdout)["problems"]
    unknown = [(one["field"], one["line"]) for one in found if one["code"] == "PM020"]
    below = {"a.yml": (8, 13), "a.md": (9, 14)}.get(name, (1, 1))
    assert sorted(unknown) == [("chronology.closd_at", below[1]), ("scope.sumary", below[0])]


def test_a_field_left_blank_is_one_that_is_not_there(bare: Path) -> None:
    (bare / "a.yml").write_text(EMPTY.replace("stage: draft", "stage:"))
    found = json.loads(faultlines("a.yml", "--stage", "draft", "--format", "json").stdout)
    assert [one for one in found["problems"] if one["severity"] == "error"] == []
    (bare / "a.yml").write_text(EMPTY.replace("title: Limits rose", "title:"))
    found = json.loads(faultlines("a.yml", "--format", "json").stdout)["problems"]
    assert [(one["code"], one["field"], one["line"]) for one in found if one["severity"] == "error"] == [
        ("PM021", "title", 3)
    ]


def test_a_word_that_may_be_near_in_letters_alone_names_the_command_that_lists_all(bare: Path) -> None:
    (bare / "a.yml").write_text(yaml.safe_dump(record(0, triggers=[{"id": "TR1", "code": "unit_change"}])))
    assert "did you mean `config_change`? `faultlines explain triggers.code` lists all 43" in faultlines("a.yml").stdout


def test_a_word_in_place_of_a_list_is_told_what_none_looks_like(bare: Path) -> None:
    (bare / "a.yml").write_text(yaml.safe_dump(record(0, actions="not_applicable")))
    assert "= help: write a list, [] where there is none\n" in faultlines("a.yml").stdout
