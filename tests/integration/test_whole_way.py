"""From files to the page through the real command line: what is promised to everybody who uses it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.publish import content, generations
from pipelines.warehouse import connect
from tests.battery.warm import Warm
from tests.projects import Project, record

FIRST, SECOND = "2026-11-16T06:00:00Z", "2026-11-16T09:00:00Z"
WEEK = "2026-W46"


def facts(project: Project, folder: str = WEEK) -> bytes:
    return (project.home / "reports" / folder / "facts.json").read_bytes()


@pytest.fixture(scope="module")
def template(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of thirty records, one of them spoilt, published on a Monday morning."""
    project = Project(tmp_path_factory.mktemp("template"))
    for number in range(30):
        project.write(f"{number}.yml", record(number))
    project.write("spoilt.yml", "id: [")
    done = warm.run(project.home, FAULTLINES_NOW=FIRST)
    assert done.returncode == 0, done.stderr
    return project.home


@pytest.fixture
def published(template: Path, tmp_path: Path) -> Project:
    """A copy of it, to be changed at will."""
    shutil.copytree(template, tmp_path / "copy")
    return Project(tmp_path / "copy")


def test_a_second_run_changes_nothing_and_says_so(published: Project) -> None:
    before = generations.current(published.settings.state)
    done = published.run("run", FAULTLINES_NOW=SECOND)
    assert done.returncode == 0 and "nothing new" in done.stdout and "1 in quarantine" in done.stdout
    assert generations.current(published.settings.state) == before


def test_a_run_counts_what_it_set_aside_and_strict_makes_it_a_failure(published: Project) -> None:
    assert published.run("run", "--strict", FAULTLINES_NOW=SECOND).returncode == 1
    done = published.run("run", "--json", FAULTLINES_NOW=SECOND)
    assert json.loads(done.stdout)["records"]["quarantined"] == 1


@dataclass
class Changed:
    """The project after a second run, with the page of before; and what a reader of before saw of it meanwhile."""

    project: Project
    old: bytes
    seen_by_the_reader: tuple


@pytest.fixture(scope="module")
def changed(template: Path, warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """One record edited, one removed, while somebody reads the first generation."""
    shutil.copytree(template, home := tmp_path_factory.mktemp("changed") / "copy")
    project = Project(home)
    old = facts(project)
    path, _ = generations.published(project.settings.state)
    with connect(path, read_only=True) as reader:
        project.write("3.yml", record(3, category="service_degradation", title="edited"))
        (project.home / "records" / "4.yml").unlink()
        done = warm.run(project.home, FAULTLINES_NOW=SECOND)
        assert done.returncode == 0, done.stderr
        return Changed(project, old, reader.execute("select count(*) from marts.incidents").fetchone())


def test_as_of_before_an_edit_and_a_removal_gives_the_old_figures_byte_for_byte(changed: Changed, warm: Warm) -> None:
    project, old = changed.project, changed.old
    assert project.query("select count(*) from marts.incidents") == [(29,)]
    assert project.query("select title from marts.incidents where record_id = 'INC-2026-00003'") == [("edited",)]
    assert facts(project) != old
    past = warm.run(project.home, "report", "weekly", "--week", WEEK, "--as-of", FIRST)
    assert past.returncode == 0, past.stderr
    (folder,) = (path for path in (project.home / "reports").iterdir() if "as-of" in path.name)
    assert facts(project, folder.name) == old


def test_readers_of_an_old_generation_keep_it_while_a_new_one_is_published(changed: Changed) -> None:
    assert changed.seen_by_the_reader == (30,)
    assert changed.project.query("select count(*) from marts.incidents") == [(29,)]


def test_every_run_and_check_is_in_dagsters_own_records(published: Project) -> None:
    import dagster as dg

    with dg.DagsterInstance.from_config(str(published.settings.state / "dagster")) as instance:
        runs = {run.job_name: run.status.value for run in instance.get_runs()}
        event = instance.get_latest_materialization_event(dg.AssetKey("raw_records"))
    assert runs == {"build_warehouse": "SUCCESS", "weekly_report": "SUCCESS"}
    metadata = event.asset_materialization.metadata
    assert metadata["records_seen"].value == 31 and metadata["records_quarantined"].value == 1
    assert "spoilt.yml:1" in metadata["rejected"].value


def test_when_every_record_is_gone_publication_is_refused_and_readers_keep_the_last_generation(
    published: Project,
    warm: Warm,
) -> None:
    for path in (published.home / "records").iterdir():
        path.unlink()
    done = warm.run(published.home, "run", FAULTLINES_NOW=SECOND)
    assert done.returncode == 3 and "nothing published" in done.stderr, done.stderr
    assert "sources_is_still_there" in done.stderr and "least_share_kept" in done.stderr
    assert published.query("select count(*) from marts.incidents") == [(30,)]


def test_a_first_run_without_any_record_publishes_an_empty_warehouse_that_says_so(project: Project, warm: Warm) -> None:
    done = warm.run(project.home, "run")
    assert done.returncode == 0, done.stderr
    assert project.query("select count(*) from marts.incidents") == [(0,)]
    assert "no data" in facts(project).decode().lower()


@pytest.fixture(scope="module")
def straight(template: Path) -> bytes:
    return facts(Project(template))


def shuffled(home: Path, seed: int) -> Project:
    """The records of the template, written in another order."""
    project = Project(home)
    numbers = list(range(30))
    random.Random(seed).shuffle(numbers)
    project.write("spoilt.yml", "id: [")
    for number in numbers:
        project.write(f"{number}.yml", record(number))
    return project


def test_the_facts_are_the_same_bytes_in_another_zone_and_order_on_one_cpu(straight: bytes, tmp_path: Path) -> None:
    """In a process of its own, where the template started warm."""
    project, one_cpu = shuffled(tmp_path, 1), ["taskset", "-c", "0"]
    done = project.run("run", prefix=one_cpu, FAULTLINES_NOW=FIRST, TZ="Asia/Kolkata", FAULTLINES_THREADS="1")
    assert done.returncode == 0, done.stderr
    assert facts(project) == straight


def test_the_facts_are_the_same_bytes_in_a_third_zone_and_order(straight: bytes, warm: Warm, tmp_path: Path) -> None:
    project = shuffled(tmp_path, 2)
    done = warm.run(project.home, FAULTLINES_NOW=FIRST, TZ="America/New_York", FAULTLINES_THREADS="2")
    assert done.returncode == 0, done.stderr
    assert facts(project) == straight


BAD: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "syntax.yml": ("PM0", lambda: "id: ["),
    "tabs.yml": ("PM0", lambda: "scope:\n\tsummary: x\n"),
    "twice.yml": ("PM0", lambda: "id: INC-1\nid: INC-2\n"),
    "anchor.yml": ("PM0", lambda: "id: &a INC-1\ntitle: *a\n"),
    "latin.yml": ("PM0", lambda: "title: Größe\n".encode("latin-1")),
    "empty.yml": ("PM0", lambda: ""),
    "misspelt.json": ("PM020", lambda: json.dumps(record(1, id="BAD-1") | {"titel": "x"})),
    "word.json": ("PM022", lambda: json.dumps(record(1, id="BAD-2", category="outage"))),
    "missing.md": (
        "PM021",
        lambda: "---\nschema_version: '1.0'\nid: BAD-3\nstage: draft\ntitle: x\n---\nWhat happened.\n",
    ),
    "naive.json": ("PM040", lambda: json.dumps(record(1, id="BAD-4", recorded_at="2026-05-04 06:00"))),
}


def test_ten_bad_files_beside_a_thousand_good_ones_are_set_aside_and_change_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", FIRST)
    clean, mixed = Project(tmp_path / "clean"), Project(tmp_path / "mixed")
    for project in (clean, mixed):
        project.declare([{"name": "own", "glob": "records/**/*", "reader": "native"}])
        for number in range(1000):
            project.write(f"{number}.json", json.dumps(record(number)))
    for name, (_, make) in BAD.items():
        mixed.write(name, make())
    clean.ingest()
    assert mixed.ingest()["records"]["quarantined"] == 10
    aside = {
        path: (code, line, fix)
        for path, code, line, fix in mixed.query("select path, code, line, fix from raw.quarantine")
    }
    assert aside.keys() == BAD.keys()
    for name, (code, _) in BAD.items():
        assert aside[name][0].startswith(code) and aside[name][1] and aside[name][2], (name, aside[name])
    about_files = {'raw."files"', 'raw."quarantine"', 'raw."receipts"'}
    assert {k: v for k, v in hashes(mixed).items() if k not in about_files} == {
        k: v for k, v in hashes(clean).items() if k not in about_files
    }


def hashes(project: Project) -> dict[str, str]:
    path, _ = generations.published(project.settings.state)
    with connect(path, read_only=True) as con:
        return content.hashes(con)
