"""`faultlines run` that kills itself (SIGKILL) on reaching a named step, before or after it.

    python -m tests.crash.die before:pipelines.publish.generations.publish --project DIR

The product holds no hook for this: the step's function is wrapped from outside.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys

STEPS = (
    "before:pipelines.publish.generations.begin",
    "after:pipelines.publish.generations.begin",
    "after:pipelines.ingest.run.deliver",
    "before:pipelines.ingest.run.load",
    "after:pipelines.ingest.run.load",
    "after:pipelines.ingest.store.write_receipts",
    "after:pipelines.quality.gate.apply_rules",
    "after:pipelines.quality.gate.hand_over",
    "before:pipelines.models.build",
    "after:pipelines.models.build",
    "after:pipelines.analysis.baselines.write",
    "after:pipelines.quality.history.store",
    "before:pipelines.publish.step.publish",
    "after:os.rename",
    "before:pipelines.publish.generations._prune",
    "before:pipelines.report.weekly.write",
)


def wrap(step: str) -> None:
    """Replace the step's function by one that kills this process before or after it."""
    when, _, dotted = step.partition(":")
    module, _, name = dotted.rpartition(".")
    home = importlib.import_module(module)
    function = getattr(home, name)

    def dying(*args, **options):
        if when == "after":
            function(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(home, name, dying)


if __name__ == "__main__":
    wrap(sys.argv[1])
    from pipelines.cli import main

    sys.argv = ["faultlines", "run", *sys.argv[2:]]
    main()
