"""Warehouses that several modules ask: each is built once, whichever worker asks first."""

from __future__ import annotations

import fcntl

import pytest

from tests.integration.warehouses import Simulated, by_a_run


@pytest.fixture(scope="session")
def simulated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Simulated:
    """An organisation of the default size, its warehouse published by `faultlines run`; only to be read."""
    own = tmp_path_factory.getbasetemp()
    home = (own if worker_id == "master" else own.parent) / "simulated"  # a folder of this session, of all workers
    home.mkdir(exist_ok=True)
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "made").exists():
            by_a_run(home, 1, request.getfixturevalue("warm"))
            (home / "made").touch()
    return Simulated.published(home)
