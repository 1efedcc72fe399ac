"""`faultlines new`: questions, near misses, the next id, and a file that was not there before."""

import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner

from pipelines.authoring import ids, new
from pipelines.cli import app
from pipelines.cli.errors import exit_code
from pipelines.settings import ROOT, SettingsError
from tests.projects import NATIVE, record

GIVEN = {
    "title": "Scores came late in one region",
    "category": "service_degradation",
    "severity": "3",
    "scope": "Requests of region 3, from a quarter past nine",
    "started": "2026-11-16T09:15Z",
    "detected": "2026-11-16T09:40Z",
}


class Person:
    """Somebody at a terminal: gives the answers one after the other and remembers what was shown."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.seen = iter(answers), []

    def ask(self, prompt: str) -> str:
        answer = next(self.answers, None)
        if answer is None:
            raise EOFError
        return answer

    def begin(self, project, given=None, **others):
        return new.write(project.settings, given or {}, "verified", ask=self.ask, say=self.seen.append, **others)

    @property
    def shown(self) -> str:
        return "\n".join(self.seen)


def accepted(project) -> list:
    project.ingest()
    assert project.query("select path, code, field from raw.quarantine") == []
    return project.query("select record_id, category, severity, domain from raw.records order by 1")


def test_seven_answers_make_a_draft_that_ingestion_accepts(project):
    person = Person(*list(GIVEN.values())[:1], "1", *list(GIVEN.values())[2:], "finance")
    written = person.begin(project)
    assert written.path == project.home / "records" / "INC-2026-0001.yml" and written.remarks == ()
    assert accepted(project) == [("INC-2026-0001", "service_degradation", "sev3", "finance")]
    assert "1 service_degradation" in person.shown, "words are shown with numbers and meanings"


def test_a_wrong_answer_is_explained_and_asked_again_and_the_right_ones_are_kept(project):
    wrong_time, wrong_word = "2026-11-16 09:15", "servce_degradation"
    project.declare([{name: value for name, value in NATIVE.items() if name != "time_zone"}])
    person = Person(
        "", "Scores came late", wrong_word, "1", "high", "sev2", "Write to ann@example.org", "Region 3",
        wrong_time, "2026-11-16T09:15Z", "unknown", "finanse", "",
    )  # fmt: skip
    person.begin(project)
    problems = [text for text in person.seen if text.startswith("  ")]
    known = r"cannot stay open|did you mean `\w+`|sev4|role|offset"
    assert [re.search(known, text)[0] for text in problems] == [
        "cannot stay open", "did you mean `service_degradation`", "sev4", "role", "offset", "did you mean `finance`",
    ]  # fmt: skip
    assert accepted(project) == [("INC-2026-0001", "service_degradation", "sev2", None)]


def test_nobody_to_ask_means_that_all_missing_or_wrong_options_are_named_at_once(project):
    with pytest.raises(SettingsError, match="--category, --severity, --scope, --started, --detected$"):
        new.write(project.settings, {"title": "Scores came late"}, "verified")
    with pytest.raises(SettingsError) as refused:
        new.write(project.settings, GIVEN | {"severity": "high", "started": "yesterday", "domain": "finanze"}, "review")
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["--severity", "--started", "--domain"]
    with pytest.raises(SettingsError, match="no stage 'publish'; write one of draft, review, published, verified"):
        new.write(project.settings, GIVEN, "publish")
    assert exit_code(refused.value, lambda _: None) == 2
    assert list((project.home / "records").iterdir()) == []


def test_the_command_prints_the_path_and_nothing_else_on_stdout(project):
    options = [word for name, answer in GIVEN.items() for word in (f"--{name}", answer)]
    done = CliRunner().invoke(app, ["new", *options, "--no-ask", "--json", "--project", str(project.home)])
    path = project.home / "records" / "INC-2026-0001.yml"
    assert json.loads(done.stdout) == {"path": str(path), "remarks": []} and path.exists()
    assert done.exit_code == 0 and done.stderr == f"next: faultlines check {path}\n"
    done = CliRunner().invoke(app, ["new", *options[2:], "--project", str(project.home)])
    assert (done.exit_code, done.stdout) == (2, "") and "--title" in done.stderr, "no terminal, nobody to ask"


def test_who_leaves_in_the_middle_leaves_no_file(project):
    with pytest.raises(EOFError):
        Person("Scores came late", "1").begin(project)
    assert list((project.home / "records").iterdir()) == []


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ({}, "INC-2026-0001"),
        ({"a.yml": "id: INC-2026-0142\n", "b.yml": "id: INC-2025-0900\n"}, "INC-2026-0143"),
        ({"a.yml": "id: OPS-2025-012\n", "b.md": "---\nid: OPS-2025-013\n---\n"}, "OPS-2026-001"),
        ({"a.yml": "id: INC-2026-0142\nrelated: [{id: INC-2026-0150, relation: variant}]\n"}, "INC-2026-0151"),
        ({"all.ndjson": '{"id": "PM-2026-00009"}\n{"id": "PM-2026-00010"}\n'}, "PM-2026-00011"),
        ({"a.yml": "id: checkout-outage\n"}, "INC-2026-0001"),
        ({"a.yml": "id: INC-2026-9999\n"}, "INC-2026-10000"),
    ],
)
def test_the_next_id_follows_the_records_that_are_there(project, there, expected):
    for name, text in there.items():
        project.write(name, text)
    assert ids.next_id(ids.files_of(project.settings), 2026) == expected


def test_two_who_begin_at_once_get_two_files_and_an_id_each(project):
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda _: new.write(project.settings, GIVEN, "draft"), range(8)))
    assert sorted(one.path.name for one in written) == [f"INC-2026-{n:04d}.yml" for n in range(1, 9)]
    assert len(accepted(project)) == 8


def test_twenty_who_begin_at_once_in_two_folders_get_an_id_each(project):
    project.declare([NATIVE, NATIVE | {"name": "others", "glob": "others/*.yml"}])
    children = []
    for n in range(20):
        if (child := os.fork()) == 0:
            try:
                new.write(project.settings, GIVEN, "draft", project.home / ("records", "others")[n % 2])
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    names = sorted(path.name for folder in ("records", "others") for path in (project.home / folder).iterdir())
    assert names == [f"INC-2026-{n:04d}.yml" for n in range(1, 21)]


def test_a_full_disk_leaves_no_half_draft(project):
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            new.write(project.settings, GIVEN, "verified")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert list((project.home / "records").iterdir()) == []


def test_a_name_that_is_no_text_or_leads_elsewhere_makes_no_file_elsewhere(project):
    with pytest.raises(SettingsError, match="--id: it is not UTF-8"):
        new.write(project.settings, GIVEN, "draft", identity="A\udcff")
    assert new.write(project.settings, GIVEN, "draft", identity="a/../../x").path.name == "a_.._.._x.yml"


def test_no_file_is_overwritten_and_no_record_gets_a_second_beginning(project):
    path = project.write("INC-7.yml", "not a record yet")
    with pytest.raises(SettingsError, match="never overwrites"):
        new.write(project.settings, GIVEN, "draft", identity="INC-7")
    assert path.read_text() == "not a record yet"
    project.write("other-name.yml", record(1))
    with pytest.raises(SettingsError, match="there is a record INC-2026-00001 already"):
        new.write(project.settings, GIVEN, "draft", identity="INC-2026-00001")
    with pytest.raises(SettingsError, match="id: `../x` does not have the form"):
        new.write(project.settings, GIVEN, "draft", identity="../x")


def test_a_folder_that_no_source_reads_is_named(project, tmp_path):
    written = new.write(project.settings, GIVEN, "draft", folder=tmp_path / "drafts")
    assert written.path.exists() and "no source of faultlines.yml reads" in written.remarks[0]


def test_the_schema_line_is_relative_inside_the_checkout_and_absolute_elsewhere(tmp_path):
    near = new.schema_line(ROOT / "examples" / "records")
    assert near == (ROOT / "examples/records/INC-2026-0224.yml").read_text().splitlines()[0]
    target = new.schema_line(tmp_path).removeprefix("# yaml-language-server: $schema=")
    assert target == str(ROOT / "schemas/generated/postmortem.schema.json")


def test_at_a_real_terminal_seven_lines_and_a_second_are_enough(project):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipelines.cli", "new", "--project", str(project.home)]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        os.write(ours, "".join(f"{answer}\n" for answer in [*GIVEN.values(), ""]).encode())
        path, told = process.communicate(timeout=60)
    os.close(ours), os.close(theirs)
    assert path.strip() == str(project.home / "records" / "INC-2026-0001.yml")
    assert told.count("> ") == 7 and told.strip().endswith(f"next: faultlines check {path.strip()}")


def test_an_empty_answer_is_told_that_one_is_needed(project):
    person = Person(GIVEN["title"], "", "1", "", *list(GIVEN.values())[2:], "")
    person.begin(project)
    assert person.shown.count("this cannot stay open; write a number from 1 to ") == 2
    assert "`` is not a word" not in person.shown


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", None])
def test_a_time_by_the_clock_of_the_source_is_offered_where_the_source_names_one(project, zone):
    project.declare([{name: value for name, value in (NATIVE | {"time_zone": zone}).items() if value}])
    detected = "2026-11-16 10:40" if zone else GIVEN["detected"]
    person = Person(*list(GIVEN.values())[:-1], detected, "")
    person.begin(project)
    assert person.shown.count("; or 2026-05-04 08:40, by the clock of Europe/Copenhagen") == (2 if zone else 0)
    assert "clock of None" not in person.shown
