"""What assets are handed: the project's settings, the writer's lock, the gate's own process.

Here: thin Dagster resources. Not here: what they hand out (settings.py, warehouse.py, quality/worker.py).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines import settings, warehouse
from pipelines.health import runs
from pipelines.quality import worker


class Project(dg.ConfigurableResource):
    """The project's `faultlines.yml`; an empty `file` means the nearest one, or FAULTLINES_PROJECT's."""

    file: str = ""

    def load(self) -> settings.Settings:
        return settings.load(settings.locate(self.file or None))


class Writer(dg.ConfigurableResource):
    """Holds the state folder for the whole run: another run waits, and says whose turn it is."""

    project: dg.ResourceDependency[Project]

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Writer"]:
        def waiting(holder: str) -> None:
            print(f"waiting for the run with PID {holder}", file=sys.stderr, flush=True)

        if context.instance and context.run_id:
            context.instance.add_run_tags(context.run_id, {runs.TAG: runs.process()})
        with warehouse.writing(self.project.load().state, waiting):
            yield self


class Gate(dg.ConfigurableResource):
    """Great Expectations in its own process, importing (4 s) while the run reads, loads and models."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Gate"]:
        worker.start()
        try:
            yield self
        finally:
            worker.stop()
