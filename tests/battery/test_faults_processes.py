"""Several processes at one state folder, readers meanwhile, and signals: nobody loses anything, nobody waits for a dead
one, and a run that is told to end ends within seconds.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.publish import generations
from pipelines.warehouse import connect
from tests.battery import WHOLE
from tests.battery.warm import Call, Warm
from tests.battery.world import World, broken, not_clean
from tests.projects import NATIVE, Project, record

END_SECONDS = 10
TURNS = 8 if WHOLE else 1


def until(call: Call, file: Path, phase: str) -> None:
    """Wait until the call is in a phase."""
    while file.read_text().strip() != phase:
        assert not call.is_over()
        time.sleep(0.01)


def in_session(leader: int) -> list[int]:
    """The processes of a call's session that live; zombies have ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(") ")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += [int(path.parent.name)] if int(session) == leader and state != "Z" else []
    return found


WHEN = ("begin", "load", "rules", "dbt", "gate", "export", "page")
TOLD = [(number, phase) for phase in (WHEN if WHOLE else ("dbt",)) for number in (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.parametrize(("number", "phase"), TOLD)
def test_a_run_that_is_told_to_end_ends_within_seconds_and_leaves_nothing_behind(
    warm: Warm, world: World, tmp_path: Path, number: int, phase: str
) -> None:
    file = tmp_path / "phase"
    file.write_text("start".ljust(20))
    call = warm.start(world.home, wrap=["tests.battery.points:tell_phase", str(file)])
    until(call, file, phase)
    told = time.monotonic()
    # Ctrl-C reaches the whole group of the terminal
    (os.killpg if number == signal.SIGINT else os.kill)(call.pid, number)
    ended = call.wait()
    assert time.monotonic() - told < END_SECONDS
    assert ended.returncode == 128 + number, ended.stderr[-600:]
    assert "interrupted; readers keep what was last published" in ended.stderr and "Traceback" not in ended.stderr
    with warehouse.writing(world.state, None):  # the lock is free
        assert not broken(world)
    time.sleep(0.2)
    assert not in_session(call.pid)
    if WHOLE:
        assert warm.run(world.home).returncode == 0
        assert not not_clean(world)


def test_a_second_run_names_the_first_or_waits_for_it(warm: Warm, world: World, tmp_path: Path) -> None:
    file = tmp_path / "phase"
    file.write_text("start".ljust(20))
    first = warm.start(world.home, wrap=["tests.battery.points:tell_phase", str(file)])
    until(first, file, "begin")
    refused = warm.run(world.home, "run", "--no-wait")
    assert refused.returncode == 3 and f"PID {first.pid}" in refused.stderr
    second = warm.start(world.home)
    waited = second.wait()
    assert first.wait().returncode == 0 and waited.returncode == 0
    assert f"waiting for the run with PID {first.pid}" in waited.stderr and "nothing new" in waited.stdout
    assert not not_clean(world)


def test_eight_processes_that_take_turns_lose_nothing(warm: Warm, project: Project) -> None:
    calls = [
        warm.start(project.home, wrap=["tests.battery.turns:take", str(project.home), number, TURNS])
        for number in range(8)
    ]
    for call in calls:
        ended = call.wait()
        assert ended.returncode == 0, ended.stderr[-600:]
    assert generations.current(project.settings.state) == 8 * TURNS
    assert project.query("select count(*), count(distinct record_id) from raw.revisions") == [(8 * TURNS, 8 * TURNS)]
    assert project.query("select count(*) from raw.receipts where outcome = 'accepted'") == [(8 * TURNS,)]


def test_a_long_reader_sees_its_snapshot_to_the_end_though_it_is_pruned(project: Project) -> None:
    project.declare([NATIVE], keep_generations=1)
    for number in range(50):
        project.write(f"{number}.yml", record(number))
    project.ingest()
    path, _ = generations.published(project.settings.state)
    with connect(path, read_only=True) as reader:
        assert reader.execute("select count(*) from raw.revisions").fetchone() == (50,)
        for number in range(50, 52):
            project.write(f"{number}.yml", record(number))
            project.ingest()
        assert not path.exists()
        # a table that it has not read before: from the file that has no name any more
        assert reader.execute("select count(*), max(generation) from raw.receipts").fetchone() == (50, 1)
    assert project.query("select count(*) from raw.revisions") == [(52,)]
