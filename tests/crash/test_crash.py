"""kill -9 anywhere: the published warehouse stays whole, and the next run ends where an undisturbed one does.

The suite does a few seeded moments; `make crash` does every step and 30 random moments (FAULTLINES_KILLS).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.publish import content, generations
from pipelines.warehouse import connect
from tests.crash.die import STEPS
from tests.projects import Project, record

KILLS = int(os.environ.get("FAULTLINES_KILLS", "1"))
SOME_STEPS = STEPS if "FAULTLINES_KILLS" in os.environ else random.Random(20261122).sample(STEPS, 3)
ROOT = Path(__file__).resolve().parents[2]


def published_content(project: Project) -> str:
    """The content of the published warehouse, after holding its file against the manifest."""
    path, manifest = generations.published(project.settings.state)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == manifest["warehouse_sha256"]
    with connect(path, read_only=True) as con:
        return content.overall(con)


def page_is_of_the_published(project: Project) -> bool:
    """Whether the page on disk speaks of the generation that is published."""
    _, manifest = generations.published(project.settings.state)
    facts = json.loads((project.home / "reports" / "2026-W46" / "facts.json").read_text())
    return facts["page"]["snapshot"] == manifest["snapshot"]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str, str]:
    """A project published once, its content then, and the content an undisturbed second run ends with."""
    os.environ["FAULTLINES_NOW"] = "2026-11-16T06:00:00Z"
    clean, disturbed = (Project(tmp_path_factory.mktemp(name)) for name in ("clean", "disturbed"))
    for project in (clean, disturbed):
        (project.home / ".faultlines").mkdir()
        (project.home / ".faultlines" / "key").write_bytes(b"k" * 32)
        for number in range(12):
            project.write(f"{number}.yml", record(number))
        assert project.run().returncode == 0
    before = published_content(disturbed)
    for project in (clean, disturbed):
        project.write("3.yml", record(3, title="edited"))
        project.write("new.yml", record(99))
        project.write("bad.yml", "id: [")
        (project.home / "records" / "5.yml").unlink()
    assert clean.run().returncode == 0
    after = published_content(clean)
    assert before == published_content(disturbed) and before != after
    return disturbed, before, after


def rewind(project: Project) -> None:
    """Back to the first generation, by the same means a dead attempt is cleared."""
    state = project.settings.state
    (state / "CURRENT").write_text("1\n")
    generations.sweep(state)


@pytest.mark.parametrize("step", SOME_STEPS)
def test_killed_at_a_step_nothing_is_torn_and_the_next_run_ends_as_a_clean_one(
    worlds: tuple[Project, str, str], step: str
) -> None:
    project, before, after = worlds
    rewind(project)
    died = subprocess.run(
        [sys.executable, "-m", "tests.crash.die", step, "--project", str(project.home)],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-500:]
    assert published_content(project) in (before, after)
    assert project.run().returncode == 0
    assert published_content(project) == after
    assert page_is_of_the_published(project)


@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_at_a_random_moment_nothing_is_torn_and_the_next_run_ends_as_a_clean_one(
    worlds: tuple[Project, str, str], kill: int
) -> None:
    project, before, after = worlds
    rewind(project)
    started = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run", "--project", str(project.home)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(random.Random(kill).uniform(0.2, 12))
    started.kill()
    started.wait()
    assert published_content(project) in (before, after)
    assert project.run().returncode == 0
    assert published_content(project) == after
    assert page_is_of_the_published(project)


def test_a_second_run_meanwhile_names_the_first_one(worlds: tuple[Project, str, str]) -> None:
    project, _, after = worlds
    rewind(project)
    first = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run", "--project", str(project.home)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while (project.settings.state / "lock").read_text().strip() != str(first.pid):
        time.sleep(0.05)
    refused = project.run("run", "--no-wait")
    assert refused.returncode == 3 and f"PID {first.pid}" in refused.stderr
    waited = project.run("run")
    assert first.wait() == 0 and waited.returncode == 0
    assert f"waiting for the run with PID {first.pid}" in waited.stderr and "nothing new" in waited.stdout
    assert published_content(project) == after
