"""A disk that fills up or cannot be written or read: the old publication stays, what to do is said, the next run is
clean. On small file systems of their own where the machine allows a mount.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.publish import generations
from tests.battery import WHOLE
from tests.battery.warm import Warm
from tests.battery.world import World, broken, not_clean
from tests.projects import Project, record

Mount = Callable[[Path, str], None]


def mounted(place: Path, options: str) -> bool:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], capture_output=True)
    return done.returncode == 0


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Put a file system of its own at a folder; skips where the machine does not allow it."""
    places: list[Path] = []

    def put(place: Path, options: str) -> None:
        if os.geteuid() or not mounted(place, options):
            pytest.skip("mounting a small file system needs root")
        places.append(place)

    yield put
    for place in places:
        subprocess.run(["umount", "-l", str(place)], check=True)


def kilobytes(path: Path) -> int:
    return int(subprocess.run(["du", "-sk", str(path)], capture_output=True, text=True, check=True).stdout.split()[0])


def clear(said: str) -> bool:
    """One message that names the fault and the way out, no traceback."""
    return "Traceback" not in said and "the disk is full" in said and "run again" in said


# how much of a second warehouse still has room: none of it, the copy, a part of what the run adds
ROOM = (0.0, 0.4, 1.02, 1.1, 1.25, 1.5) if WHOLE else (1.02,)


@pytest.mark.parametrize("room", ROOM)
@pytest.mark.parametrize("log", ["beside", "elsewhere"] if WHOLE else ["elsewhere"])
def test_a_disk_full_anywhere_publishes_nothing_says_so_and_the_next_run_is_clean(
    warm: Warm, world: World, mount: Mount, tmp_path: Path, room: float, log: str
) -> None:
    size = kilobytes(world.state / "generations" / "000001" / "warehouse.duckdb")
    used = kilobytes(world.state) + 200
    shutil.rmtree(world.state)
    world.state.mkdir()
    mount(world.state, f"size={used + int(size * room)}k")
    shutil.copytree(world.kept / ".faultlines", world.state, dirs_exist_ok=True)
    if log == "elsewhere":  # or Dagster's log of runs is always what fails first
        shutil.move(world.state / "dagster", tmp_path / "dagster")
        (world.state / "dagster").symlink_to(tmp_path / "dagster")
    full = warm.run(world.home)
    assert full.returncode == 3 and clear(full.stderr), full.stderr[-600:]
    assert generations.current(world.state) == 1 and not broken(world)
    subprocess.run(["mount", "-o", "remount,size=200m", str(world.state)], check=True)
    assert warm.run(world.home).returncode == 0
    assert not not_clean(world)


def test_a_disk_full_under_the_page_leaves_the_old_page_and_the_next_run_writes_the_new_one(
    warm: Warm, world: World, mount: Mount
) -> None:
    reports = world.home / "reports"
    used = kilobytes(reports) + 20
    shutil.rmtree(reports)
    reports.mkdir()
    mount(reports, f"size={used}k")
    shutil.copytree(world.kept / "reports", reports, dirs_exist_ok=True)
    full = warm.run(world.home)
    assert full.returncode == 3 and clear(full.stderr), full.stderr[-600:]
    assert not broken(world)
    subprocess.run(["mount", "-o", "remount,size=20m", str(reports)], check=True)
    assert warm.run(world.home).returncode == 0
    assert not not_clean(world)


def test_a_state_folder_that_cannot_be_written_is_named(warm: Warm, world: World, mount: Mount) -> None:
    shutil.rmtree(world.state)
    world.state.mkdir()
    mount(world.state, "size=100m")
    shutil.copytree(world.kept / ".faultlines", world.state, dirs_exist_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", str(world.state)], check=True)
    refused = warm.run(world.home)
    assert refused.returncode == 3 and "Read-only file system" in refused.stderr, refused.stderr[-600:]
    assert ".faultlines" in refused.stderr and "Traceback" not in refused.stderr
    subprocess.run(["mount", "-o", "remount,rw", str(world.state)], check=True)
    assert generations.current(world.state) == 1 and not broken(world)


def test_a_file_that_nobody_may_read_costs_itself_and_a_folder_that_nobody_may_list_stops_the_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As seen by a user who is not root, whom nothing stops: the system's refusal is raised where it would be."""
    for number in range(3):
        project.write(f"{number}.yml", record(number))
    project.ingest()
    there, listed = Path.open, os.scandir

    def refuse(path: Path, *words: object, **options: object) -> object:
        if path.name == "1.yml":
            raise PermissionError(13, "Permission denied", str(path))
        return there(path, *words, **options)

    (project.home / "records" / "1.yml").chmod(0)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert project.ingest()["records"]["quarantined"] == 1
    assert project.query("select path, code from raw.quarantine") == [("1.yml", "PM001")]
    assert project.query("select count(*) from raw.record_events where kind = 'tombstone'") == [(0,)]

    def unlisted(path: object = ".") -> object:
        if str(path).endswith("records"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", unlisted)
    with pytest.raises(PermissionError, match="records"):
        project.ingest()
