"""The command line: thin doors, one module for each kind of person who knocks.

    doors.py      what all share: the app, options, errors as exit codes
    runs.py       the operator: run, doctor, verify, rebuild, forget, ui
    asking.py     the analyst and the leader: sql, query, rank, as-of, report
    authoring.py  whoever writes a record: new, check, explain, gaps
    sources.py    whoever brings records in: source try, convert, simulate
    sharing.py    whoever passes records on: read, tickets

Here: words, options, exit codes. Not here: anything a test would want to call without a terminal.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys

from pipelines.cli import authoring, sources, runs, asking, sharing  # isort: skip  # the order of `faultlines --help`
from pipelines.cli.doors import app

__all__ = ["app", "asking", "authoring", "main", "runs", "sharing", "sources"]


def main() -> None:
    """The command, and a quick way out: taking Dagster's and dbt's modules apart takes Python 1.1 s of a run's end."""
    code = 0
    try:
        app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()  # what asked to be told of the end is told; only the teardown of modules is left out
    os._exit(code)
