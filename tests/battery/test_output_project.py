"""Output: a whole run over a hostile project, and everything it writes and says.

One run for all cases. A server on this machine stands for every address in the records; nobody may ever ask it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.health import receipts
from pipelines.ingest import ledger, store
from pipelines.publish import generations
from tests.battery import hostile, inert
from tests.battery.beacon import listening
from tests.battery.test_output_pages import RENDERERS
from tests.battery.test_output_terminal import COMMANDS
from tests.conftest import MONDAY
from tests.projects import Project

OURS = re.compile(r"[A-Za-z0-9_.:/-]+")
# each process of the run writes down whom it asks; what is native and not Python's is seen by the server alone
GUARD = """
import os, sys
def heard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        if not isinstance(args[-1], (str, bytes)) or event != "socket.connect":
            with open(os.environ["ASKED"], "a") as file:
                file.write(f"{event} {args[-1]!r}\\n")
sys.addaudithook(heard)
"""


@dataclass
class Run:
    project: Project
    done: CompletedProcess
    beacon: str
    requests: list[str]
    asked: Path

    @property
    def page(self) -> Path:
        return self.project.home / "reports" / "2026-W46"

    @property
    def texts(self) -> list[str]:
        return [hostile.of(family, self.beacon) for family in hostile.CHOSEN if family in hostile.FAMILIES]


@pytest.fixture(scope="module")
def beacon() -> Iterator[tuple[str, list[str]]]:
    with listening() as server:
        yield server


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, beacon: tuple[str, list[str]]) -> Run:
    address, requests = beacon
    project = Project(tmp_path_factory.mktemp("hostile"))
    hostile.write(project, address)
    guard = tmp_path_factory.mktemp("guard")
    (guard / "sitecustomize.py").write_text(GUARD)
    asked = guard / "asked"
    done = project.run("run", FAULTLINES_NOW=MONDAY, PYTHONPATH=str(guard), ASKED=str(asked))
    assert done.returncode == 0, done.stderr
    return Run(project, done, address, requests, asked)


def test_a_run_asks_nobody_for_anything(run: Run) -> None:
    assert run.requests == []
    assert not run.asked.exists(), run.asked.read_text()


COMMAND_LINES = {
    "run": ["run"],
    "run as json": ["run", "--json"],
    "sql": ["sql", "select * from marts.incidents join marts.actions using (record_id)"],
    "sql as json": ["sql", "--json", "select * from raw.records"],
    "sql over names": ["sql", "select path from raw.files union all select field from raw.quarantine"],
    "sql that fails": ["sql", "select title::integer from marts.incidents where title <> 'x' limit 1"],
    "sql that fails at a name": ["sql", "select error(path) from raw.files where path like '%' || chr(27) || '%'"],
    "query": ["query", "set_aside"],
    "query as json": ["query", "unmapped_words", "--json"],
    "figure": ["report", "query", "Q4"],
    "figure as json": ["report", "query", "Q8", "--json"],
    "page": ["report", "weekly"],
    "trial": ["source", "try", "own"],
    "trial of spoilt files": ["source", "try", "spoilt"],
    "trial of a mapping": ["source", "try", "mapped"],
    "trial as json": ["source", "try", "spoilt", "--json"],
    "doctor": ["doctor"],
    "reading": ["read", "M-0"],
    "reading as html": ["read", "M-0", "--format", "html"],
    "reading as json": ["read", "M-0", "--json"],
    "tickets": ["tickets", "out"],
    "tickets for jira": ["tickets", "out", "--for", "jira"],
    "tickets for github": ["tickets", "out", "--for", "github"],
    "tickets as json": ["tickets", "out", "--json"],
}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_no_command_line_sends_the_terminal_a_command(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", MONDAY)
    said = CliRunner().invoke(app, [*COMMAND_LINES[name], "--project", str(run.project.home)])
    assert said.exit_code in ((2,) if "fails" in name else (0, 1)), said.stderr
    assert COMMANDS.findall(said.stdout + said.stderr) == []


def test_no_name_ends_a_receipt_before_its_end(run: Run) -> None:
    """A line of a receipts file ends with a line feed and nothing else that a name can hold."""
    state = run.project.settings.state
    entry = ledger.entry(store.receipts_file(state, 1))
    assert any("\u2028" in line["path"] for line in entry.files)
    found, records = receipts.findings(state, 1)
    assert records == entry.summary["records"]["seen"] and [one for one in found if not one.is_good] == []


def test_the_run_itself_names_each_fault_in_one_line(run: Run) -> None:
    assert COMMANDS.findall(run.done.stdout + run.done.stderr) == []
    lines = run.done.stderr.splitlines()
    named = lines[lines.index("set aside:") + 1 : -1]
    assert len(named) == 10 and all(re.match(r"  .+: PM\d{3} ?.*; .+", line) for line in named)
    assert len(run.done.stderr) < 20_000


def test_the_page_and_its_markdown_stay_still(run: Run) -> None:
    html = (run.page / "weekly.html").read_text()
    policies = [attributes.get("content") for _, attributes in inert.Page(html).tags if "http-equiv" in attributes]
    assert inert.acts(html) == [] and "&lt;" in html
    assert len(policies) == 1 and policies[0].startswith("default-src 'none';")
    markdown = (run.page / "weekly.md").read_text()
    for render in RENDERERS.values():
        assert inert.acts(render(markdown), may_link=False) == []
    facts = (run.page / "facts.json").read_text()
    assert COMMANDS.findall(html + markdown + facts) == []


def test_what_dagster_shows_as_markdown_stays_still_and_in_its_cells(run: Run) -> None:
    shown = list(_markdown(run.project))
    assert len(shown) > 10 and any("PM022" in text for text in shown)
    for text in shown:
        assert COMMANDS.findall(text) == []
        for render in RENDERERS.values():
            assert inert.acts(render(text), may_link=False) == []
        for table in re.findall(r"(?:^\|.*\|$\n?)+", text, flags=re.MULTILINE):
            rows = table.strip("\n").split("\n")
            assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows}) == 1, rows[0]


def _markdown(project: Project) -> Iterator[str]:
    """Every Markdown text in Dagster's log of runs, which is what its UI reads."""
    for path in (project.settings.state / "dagster" / "history" / "runs").glob("*-*.db"):
        con = sqlite3.connect(path)
        for (event,) in con.execute("SELECT event FROM event_logs"):
            yield from _texts(json.loads(event))
        con.close()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict) and "md_str" in value:
        yield value["md_str"]
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(child)


def test_tables_and_parquet_hold_every_text_as_it_was_written(run: Run) -> None:
    warehouse, _ = generations.published(run.project.settings.state)
    parquet = warehouse.parent / "parquet" / "marts.incidents" / "*.parquet"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for kept in ("marts.incidents", f"'{parquet}'"):
            titles = set(con.execute(f"SELECT source, title FROM {kept}").fetchall())
            sources = ("own", "mapped")
            assert [(name, text) for name in sources for text in run.texts if (name, text) not in titles] == []
        members = [path for (path,) in con.execute("SELECT path FROM raw.files WHERE path LIKE 'z.zip/%'").fetchall()]
    assert any("../../climbs.yml" in path for path in members) and any("n" * 300 in path for path in members)


def test_every_file_that_is_written_has_a_name_of_ours(run: Run) -> None:
    home = run.project.home
    own = {home / name for name in ("records", "spoilt", "rows")}
    written = [path for path in home.rglob("*") if not own & {path, *path.parents}]
    assert len(written) > 50
    assert [path for path in written if not OURS.fullmatch(str(path.relative_to(home)))] == []
    assert not any(home.parent.rglob("*climbs*")) and not Path("/absolute.yml").exists()


def test_no_csv_is_left_for_people(run: Run) -> None:
    """The gate's frames are CSV for pandas, which runs no formula, and are gone with the attempt; there is no other."""
    left = {path.suffix for place in (".faultlines", "reports") for path in (run.project.home / place).rglob("*")}
    assert ".parquet" in left and ".csv" not in left
