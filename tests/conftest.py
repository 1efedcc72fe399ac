"""What every test may ask for: a project of its own, a fixed clock, the command line in processes that start warm,
other people's records where they are at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.battery.warm import Warm
from tests.foreign import DATA
from tests.projects import Project

MONDAY = "2026-11-16T06:00:00Z"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project with one native source over records/, its clock at a Monday morning."""
    monkeypatch.setenv("FAULTLINES_NOW", MONDAY)
    monkeypatch.delenv("FAULTLINES_PROJECT", raising=False)
    return Project(tmp_path)


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
