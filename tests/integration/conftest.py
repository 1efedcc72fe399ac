"""Warehouses that several modules ask: each is built once a session."""

from __future__ import annotations

import pytest

from tests.integration.warehouses import Simulated, by_a_run


@pytest.fixture(scope="session")
def simulated(tmp_path_factory) -> Simulated:
    """An organisation of the default size, its warehouse published by `faultlines run`."""
    return by_a_run(tmp_path_factory.mktemp("simulated"), 1)
