"""What assets are handed: the project's settings, the writer's lock, the gate's own process.

Here: thin Dagster resources. Not here: what they hand out (settings.py, warehouse.py, quality/worker.py).
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dagster as dg

from pipelines import run_history, settings, warehouse
from pipelines.failures import in_plain_words
from pipelines.quality import worker


class Project(dg.ConfigurableResource):
    """The project's `faultlines.yml`; an empty `file` means the nearest one, or FAULTLINES_PROJECT's."""

    file: str = ""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Every run needs the project: here it says which process it lives in. A sensor's tick is no run."""
        if context.run and context.instance:
            run_history.name_process(context.instance, context.run.run_id)

    def load(self) -> settings.Settings:
        return settings.load(settings.locate(self.file or None))


class Writer(dg.ConfigurableResource):
    """Holds the state folder for the whole run: another run waits, and says in its log whose turn it is."""

    project: dg.ResourceDependency[Project]

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Writer"]:
        def waiting(holder: str) -> None:
            context.log.warning(f"waiting for the run with PID {holder}, which is writing; nothing has to be done")

        with ExitStack() as turn:
            with in_plain_words():
                chosen = self.project.load()
                turn.enter_context(warehouse.writing(chosen.state, waiting))
                run_history.tidy(context.instance, chosen)
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
