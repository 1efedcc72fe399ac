"""One of several processes that take turns at one state folder: each turn adds a record of its own and publishes it.

Called in a forked process (warm.py); it ends the process. Not here: who counts them (test_faults_processes.py).
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines import warehouse
from tests.projects import Project, record


def take(home: str, number: int, turns: int) -> None:
    """`turns` ingests, each under the lock that every run takes."""
    project = Project(Path(home))
    for turn in range(turns):
        with warehouse.writing(project.settings.state, lambda holder: None):
            project.write(f"{number}-{turn}.yml", record(100 * number + turn))
            project.ingest()
    os._exit(0)
