"""What every test may ask for: a project of its own, a fixed clock, the command line in processes that start warm,
other people's records where they are at hand.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.battery.warm import Warm
from tests.foreign import DATA
from tests.projects import Project

Once = Callable[[str, Callable[[Path], None]], Path]
MONDAY = "2026-11-16T06:00:00Z"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project with one native source over records/, its clock at a Monday morning."""
    monkeypatch.setenv("FAULTLINES_NOW", MONDAY)
    monkeypatch.delenv("FAULTLINES_PROJECT", raising=False)
    return Project(tmp_path)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """once(name, make): a folder that `make` fills for all workers, by whichever asks first; only to be read."""
    own = tmp_path_factory.getbasetemp()
    of_all = own if worker_id == "master" else own.parent

    def asked(name: str, make: Callable[[Path], None]) -> Path:
        folder, made = of_all / f"once-{name}", of_all / f"once-{name}.made"
        with open(of_all / f"once-{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return asked


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """A whole run for half of what it costs in a process of its own; what is promised of the start, of a time zone, of
    one CPU or of the environment wants `Project.run`."""
    server = Warm()
    yield server
    server.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records by other people; skips, saying so, where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"no real records by other people at {DATA}; name the folder above data/ in FAULTLINES_SHARED")
    return DATA
