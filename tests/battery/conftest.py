"""What the cases of faults share: a world that is set back before each case."""

from __future__ import annotations

import pytest

from tests.battery import world as worlds
from tests.battery.warm import Warm
from tests.conftest import Once


@pytest.fixture(scope="session")
def made(warm: Warm, once: Once, tmp_path_factory: pytest.TempPathFactory) -> worlds.World:
    """A world of this worker's own, copied from the one that all have."""
    return worlds.copied(once("world", lambda folder: worlds.make(folder, warm)), tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(made: worlds.World, monkeypatch: pytest.MonkeyPatch) -> worlds.World:
    """Published once, its files changed since, the clock at the Monday of both runs."""
    monkeypatch.setenv("FAULTLINES_NOW", worlds.MONDAY)
    made.set_back()
    return made
