"""Warehouses that several modules ask: each is built once."""

from __future__ import annotations

import pytest

from tests.conftest import Once
from tests.integration.warehouses import Simulated, by_a_run


@pytest.fixture(scope="session")
def simulated(request: pytest.FixtureRequest, once: Once) -> Simulated:
    """An organisation of the default size, its warehouse published by `faultlines run`."""
    # `warm` only where it is made: another worker needs no server for it
    return Simulated.published(once("simulated", lambda home: by_a_run(home, 1, request.getfixturevalue("warm"))))
