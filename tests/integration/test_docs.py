"""README, CONTRIBUTING and queries/README say nothing that is not so: whatever they name is looked up.

Here: the five minutes of the README as a newcomer types them, and every name in code letters. Not here: whether an
explanation is a good one, and the macros of examples/sources/README.md (tests/unit/test_mapping_macros.py).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
import yaml

from pipelines import cli, clock, models, questions, settings
from pipelines.analysis import steps
from pipelines.cli.errors import exit_code
from pipelines.contract import asked, bundle
from pipelines.ingest.run import ingest
from pipelines.ingest.validate import Contract
from pipelines.publish.generations import Attempt, NothingPublished
from pipelines.quality import gate
from pipelines.ranking.read import TooLittle
from pipelines.readings import catalogue
from pipelines.settings import ROOT, SCHEMAS
from pipelines.warehouse import Locked, connect
from tests.conftest import MONDAY
from tests.mapped import map_texts
from tests.projects import Project, worked_records

README, CONTRIBUTING, QUERIES = (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "queries/README.md"))
DOCS = (README, CONTRIBUTING, QUERIES)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# by set-up and by runs; absent in a clone
MADE = ("schemas/generated", "examples/simulated", ".venv", ".faultlines", "reports")
# Names of CONTRIBUTING's table that are no column of a mart.
NAMES_ELSEWHERE = {"stg_actions", "int_known_revisions", "started_on", "window_weeks", "min_cents"} | {
    "detected_at_text", "detected_at_precision",
}  # fmt: skip
GROUP = typer.main.get_command(cli.app)


def blocks(path: Path, language: str, heading: str = "") -> list[str]:
    """The fenced blocks of one language, of the whole file or below one heading."""
    text = path.read_text()
    if heading:
        (text,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return [code for kind, code in FENCE.findall(text) if kind == language]


def spans(path: Path) -> list[str]:
    """Everything in code letters inside the text, fenced blocks apart."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", path.read_text()))


def said() -> Iterator[tuple[str, str]]:
    """(file, code) of every span and of every line of a shell block."""
    for path in DOCS:
        yield from ((path.name, span) for span in spans(path))
        yield from ((path.name, line) for block in blocks(path, "sh") for line in block.splitlines())


def rows(path: Path, first: str) -> list[list[str]]:
    """The cells of the table whose first column is headed so."""
    (table,) = re.findall(rf"^\| {re.escape(first)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", path.read_text(), re.MULTILINE)
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()]


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield from commands(command, (*words, name)) if hasattr(command, "commands") else [((*words, name), command)]


COMMANDS = dict(commands(GROUP))
OPTIONS = {
    words: {o for param in command.params for o in (*param.opts, *param.secondary_opts)}
    for words, command in COMMANDS.items()
}


def test_every_word_of_make_that_is_named_exists_and_every_one_that_exists_is_named():
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)) - {"help"}
    named = {word for _, code in said() for word in re.findall(r"^make ([a-z]+)", code)}
    assert named == there


def test_every_command_that_is_named_exists_with_its_options_and_every_command_is_named():
    named = set()
    for file, code in said():
        for call in re.findall(r"\bfaultlines ((?!\.yml)[a-z].*)", code):
            words = next((words for words in COMMANDS if f"{call} ".startswith(" ".join(words) + " ")), None)
            assert words, (file, code)
            named.add(words)
            options = set(re.findall(r"(?<!\S)(--[a-z][a-z-]*)", call.split('"')[0]))
            assert options <= OPTIONS[words], (file, code)
    assert named == set(COMMANDS)


def test_every_option_that_stands_alone_is_one_of_some_command():
    known = set().union(*OPTIONS.values())
    assert {code.split()[0] for _, code in said() if code.startswith("--")} <= known
    everywhere = {words for words, options in OPTIONS.items() if "--project" in options}
    machine = {words for words, options in OPTIONS.items() if "--json" in options}
    assert everywhere == set(COMMANDS) - {("explain",), ("convert",), ("simulate",)}
    assert set(COMMANDS) - machine == {("as-of",), ("check",), ("convert",), ("ui",), ("simulate",)}
    assert "--format" in OPTIONS["check",]


def test_the_help_names_every_stage_and_every_kind_of_people_a_reading_is_for_and_so_does_the_readme():
    told = {param.name: param.help for param in (*COMMANDS["read",].params, *COMMANDS["check",].params)}
    readers = catalogue.load().readers.keys() - {catalogue.WHOLE}
    assert set(re.findall(r"[a-z]+", told["reader"].partition(";")[0])) - {"or"} == readers
    assert readers <= {code for name, code in said() if name == "README.md"}
    stages = asked.stages(bundle.load())
    assert told["stage"].partition(": ")[2].rstrip(".").split(", ") == stages[1:]  # imported: not for people to write


def test_every_path_that_is_named_exists():
    top = {path.name for path in ROOT.iterdir()}
    for path in DOCS:
        links = re.findall(r"\]\((?!https://)([^)#]+)\)", path.read_text())
        assert all((path.parent / link).exists() for link in links), path
        for word in (word for span in spans(path) for word in span.split()):
            named = word.strip('"$()')
            if named.split("/")[0] in top | {".faultlines", "reports"} and not named.startswith(MADE):
                assert list(ROOT.glob(named)), (path.name, word)


def test_each_recipe_names_files_to_edit():
    recipes = rows(CONTRIBUTING, "to add")
    assert len(recipes) >= 8
    for what, edit, *_ in recipes:
        assert any((ROOT / span).exists() or list(ROOT.glob(span)) for span in re.findall(r"`([^`]+)`", edit)), what


def test_every_table_the_readme_sends_to_is_in_the_page_of_the_warehouse_and_every_name_of_a_column_exists():
    page = (ROOT / "docs/warehouse.md").read_text()
    tables = [table for _, cell in rows(README, "to ask about") for table in re.findall(r"`([a-z]+\.\w+)`", cell)]
    assert len(tables) > 20
    assert [table for table in tables if f"{table}" not in page] == []
    columns = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) | NAMES_ELSEWHERE
    assert {span for name, *_ in rows(CONTRIBUTING, "name") for span in re.findall(r"`([a-z_]+)`", name)} <= columns


def test_a_draft_needs_what_the_readme_says():
    (sentence,) = re.findall(r"A draft needs seven fields: (.*?);", README.read_text(), re.DOTALL)
    early = [one.field for one in asked.required_at(bundle.load()) if one.stage in ("imported", "draft")]
    needed = {field for field in early if "[]" not in field}
    assert set(re.findall(r"`([\w.]+)`", sentence)) == needed


def test_every_setting_and_field_written_with_its_value_exists():
    schema = yaml.safe_load((SCHEMAS / "settings.schema.json").read_text())["properties"]
    known = schema.keys() | schema["sources"]["items"]["properties"].keys() | bundle.load()["properties"].keys()
    assert {span.split(":")[0] for path in DOCS for span in spans(path) if re.match(r"[a-z_]+:( |$)", span)} <= known


def test_every_variable_of_the_environment_is_read_somewhere():
    code = "".join(path.read_text() for folder in ("pipelines", "tests") for path in (ROOT / folder).rglob("*.py"))
    for name in {name for path in DOCS for name in re.findall(r"\bFAULTLINES_[A-Z]+\b", path.read_text())}:
        assert re.search(rf"environ.*{name}", code), name


def test_the_exit_codes_are_those_the_errors_have():
    told = {int(code): text for code, text in rows(README, "exit code")}
    assert set(told) == {0, 1, 2, 3, 4, 70, 130, 143}
    errors = (settings.SettingsError(), Locked(), NothingPublished(), TooLittle(), RuntimeError())
    assert [exit_code(error, lambda text: None) for error in errors] == [2, 3, 3, 4, 70]
    assert "--strict" in told[1] and "setting" in told[2] and "key" in told[3] and "bug" in told[70]


def test_the_export_of_the_readme_becomes_what_the_readme_says(project: Project):
    """The file, the entry and the mapping as printed, tried and then run."""
    ((entry,),) = [blocks(README, kind, "A source of your own") for kind in ("yaml",)]
    (project.home / "faultlines.yml").write_text(f"sources:\n{entry}")
    (project.home / "exports").mkdir()
    (project.home / "exports" / "tickets.csv").write_text(blocks(README, "csv", "A source of your own")[0])
    (project.home / "tickets.sql").write_text(blocks(README, "sql", "A source of your own")[0])
    tried = project.run("source", "try", "tickets")
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert blocks(README, "text", "A source of your own")[0].strip() in tried.stdout
    summary = project.ingest()
    assert (summary["records"]["accepted"], summary["records"]["quarantined"], summary["skipped"]) == (2, 0, 1)
    assert project.query("select record_id, severity, chronology_resolved_at_text from raw.records order by 1") == [
        ("T-17", "sev1", "2026-04-17T15:35"),
        ("T-18", None, None),
    ]


def test_the_mapping_of_the_readme_makes_a_valid_record(tmp_path: Path):
    sql = blocks(README, "sql", "A source of your own")[1]
    actions = "## Action items\n\n- Watch it\n\n## Attendees"
    sample = blocks(ROOT / "examples/sources/README.md", "markdown")[0].replace("## Attendees", actions)
    (mapped,), faults = map_texts(tmp_path, sql, {"PM-7.md": sample})
    record = mapped.record | {"id": mapped.id, "schema_version": "1.1", "stage": "imported"}
    contract = Contract(bundle.load())
    assert not faults and [str(fault) for fault in contract.faults(contract.typed(record), dict)] == []
    assert (mapped.id, len(record["timeline"]), record["actions"]) == ("PM-7", 4, [{"id": "A1", "title": "Watch it"}])
    assert record["scope"]["summary"].startswith("The shop was slow.")


def test_each_ready_question_is_in_the_table_and_runs_on_the_bundled_records(tmp_path: Path):
    bundled = worked_records(tmp_path)
    bundled.work.mkdir()
    with connect(bundled.warehouse) as con:
        ingest(con, bundled, Attempt(1, clock.parse(MONDAY), "docs"))
        gate.apply_rules(con)
    models.build(tmp_path)
    with connect(bundled.warehouse) as con:
        steps.all_of(con)
    there = questions.catalogue()
    told = {name.strip("`"): question for name, question in rows(QUERIES, "file")}
    assert told == {f"queries/{name}.sql": one.question for name, one in there.items()}
    with connect(bundled.warehouse, read_only=True) as con:
        found = {name: con.execute(one.text).fetchall() for name, one in there.items()}
        (typed,) = blocks(README, "sh", "Query it")
        assert con.execute(re.findall(r'"(select .*?)"', typed)[0]).fetchall()
    assert found["set_aside"] == found["broken_rules"] == []
    assert {row[2] for row in found["late_actions"]} == {"A4", "A5"}
    assert "missing_validation" in {row[0] for row in found["recurring_causes"]}


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home of somebody who typed the README's five minutes, and what they saw."""
    home = tmp_path_factory.mktemp("home")
    script = "set -eu\n" + "".join(blocks(README, "sh", "Your own records in five minutes"))
    script = script.replace("$PWD/.venv/bin", str(Path(sys.executable).parent))  # the Python these tests run in
    known = {name: value for name, value in os.environ.items() if not name.startswith("FAULTLINES_")}
    environment = known | {"HOME": str(home), "FAULTLINES_NOW": "2026-11-23T06:00:00Z"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return home / "incidents", done.stderr + done.stdout


def test_the_five_minutes_show_what_the_readme_shows(newcomer: tuple[Path, str]):
    project, seen = newcomer
    for shown in blocks(README, "text", "Your own records in five minutes"):
        assert shown in seen
    assert re.search(r"INC-2026-0224\s+data_quality_anomaly\s+sev2\s+2026-11-13T11:00:00", seen)
    assert (project / "reports/2026-W47/weekly.html").is_file()
    assert (ROOT / "schemas/generated/postmortem.schema.json").samefile(
        (project / "records/INC-2026-0224.yml").read_text().splitlines()[0].split("$schema=")[1]
    )


def test_the_state_folder_holds_what_the_readme_says(newcomer: tuple[Path, str]):
    state = newcomer[0] / ".faultlines"
    told = {name for cells in rows(README, "in the state folder") for name in re.findall(r"`(\w+)`", cells[0])}
    assert {path.name for path in state.iterdir()} <= told
    assert told - {path.name for path in state.iterdir()} == {"work", "as_of"}
    assert (state / "key").stat().st_mode & 0o077 == 0
    (named,) = re.findall(r"`(generations/\S+\.parquet)`", README.read_text())
    assert list(state.glob(named))


def test_every_table_beside_the_marts_is_published(newcomer: tuple[Path, str]):
    (warehouse,) = (newcomer[0] / ".faultlines/generations/000002").glob("*.duckdb")
    named = {span for path in DOCS for span in spans(path) if re.fullmatch(r"(analysis|quality|raw)\.[a-z_]+", span)}
    with connect(warehouse, read_only=True) as con:
        there = {
            f"{schema}.{table}"
            for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        }
        (described,) = [span for span in spans(README) if span.startswith("select column_name")]
        assert all(comment for _, comment in con.execute(described).fetchall())
    assert named and named <= there


def test_what_was_set_aside_is_listed_until_it_is_mended(newcomer: tuple[Path, str]):
    asked_for = (ROOT / "queries/set_aside.sql").read_text()
    listed = []
    for generation in ("000001", "000002"):
        with connect(newcomer[0] / f".faultlines/generations/{generation}/warehouse.duckdb", read_only=True) as con:
            listed.append([row[:6] for row in con.execute(asked_for).fetchall()])
    assert listed == [[("payments", "INC-2026-0224.yml", 11, 1, "severity", "PM022")], []]
