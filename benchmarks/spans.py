"""`faultlines run` with its parts timed from outside: wall and CPU of each, written as JSON when it ends.

    python -m benchmarks.spans OUT run --project DIR

Here: which functions are parts, and the wrapping. Not here: what is made of the times (stages.py). The product holds no
hook for this. A part that is no longer there is left out and named; a test holds the list against the code.
"""

from __future__ import annotations

import atexit
import builtins
import functools
import json
import pkgutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CLOCK_TICKS = 100  # of /proc/self/stat, the same on every Linux
PARTS = {
    "pipelines.headless.find": "look at every file and hash it",
    "pipelines.headless.fingerprint": "fingerprint of files and code",
    "pipelines.quality.worker.start": "start Great Expectations' process",
    "pipelines.publish.generations.begin": "copy the published warehouse",
    "pipelines.ingest.run.prepare": "raw tables of the contract",
    "pipelines.ingest.run.changes": "what changed since the last reading",
    "pipelines.ingest.run.deliver": "read, validate, protect people, keep the bytes",
    "pipelines.ingest.run.load": "load into the raw tables",
    "pipelines.ingest.store.write_receipts": "write receipts, fsync",
    "pipelines.quality.gate.apply_rules": "rules",
    "pipelines.quality.gate.hand_over": "count shares, write frames for Great Expectations",
    "pipelines.quality.gate.found": "wait for Great Expectations",
    "pipelines.models.build": "dbt",
    "pipelines.analysis.lines.write": "fault lines",
    "pipelines.analysis.series.write": "routine ranges",
    "pipelines.analysis.nowcast.write": "nowcasts",
    "pipelines.analysis.prevention.write": "verdicts on prevention",
    "pipelines.quality.history.store": "verdicts into the warehouse",
    "pipelines.publish.step._export": "Parquet",
    "pipelines.publish.step.snapshot": "snapshot hash",
    "pipelines.publish.generations.publish": "hash the file, fsync, rename, prune",
    "pipelines.report.page.write_page": "the page",
    "pipelines.report.facts.build": "its facts",
}
HEAVY = ("dagster", "dagster_dbt", "dbt", "scipy", "pandas", "numpy", "polars", "jinja2", "duckdb")
DEFINITIONS = "pipelines.definitions"
# known once dbt is imported
INSIDE_DBT = {
    "dbt.parser.manifest.ManifestLoader.get_full_manifest": "its parse, from the last one's file",
    "dbt.task.runnable.GraphRunnableTask.execute_nodes": "its nodes: models and tests",
}
LEAST_IMPORT, LEAST_PART = 0.02, 0.002  # seconds worth a line


class Spans:
    """The parts of this process in the order in which they began."""

    def __init__(self) -> None:
        self.found: list[dict] = []
        self.nodes: list[tuple[str, float]] = []
        self.missing: list[str] = []
        self._importing: set[str] = set()

    @contextmanager
    def span(self, name: str, least: float = 0) -> Iterator[None]:
        """Time a block; one shorter than `least` is forgotten."""
        began, wall, cpu = time.time(), time.perf_counter(), time.process_time()
        one = {"name": name, "began": began}
        self.found.append(one)
        try:
            yield
        finally:
            one |= {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
            if one["wall"] < least:
                self.found.remove(one)

    def wrap(self, dotted: str, name: str) -> None:
        """Replace the function where it is used by one that is timed."""
        place, _, attribute = dotted.rpartition(".")
        try:
            home = pkgutil.resolve_name(place)
            function = getattr(home, attribute)
        except (ImportError, AttributeError):
            self.missing.append(dotted)
            return

        @functools.wraps(function)
        def timed(*args: Any, **options: Any) -> Any:
            with self.span(name, LEAST_PART):
                answer = function(*args, **options)
            if dotted == "pipelines.models.build":
                self.nodes += [(one.unique_id, one.seconds) for one in answer]
            return answer

        setattr(home, attribute, timed)

    def watch_imports(self) -> None:
        """Time the first import of what is heavy; only of the main thread, where a run's imports are."""
        real: Callable = builtins.__import__

        def watched(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
            package = name.partition(".")[0]
            is_heavy = not level and (package in HEAVY or name == DEFINITIONS) and package not in self._importing
            if not is_heavy or name in sys.modules or threading.current_thread() is not threading.main_thread():
                return real(name, globals, locals, fromlist, level)
            self._importing.add(package)
            try:
                with self.span(f"import {name}", LEAST_IMPORT):
                    answer = real(name, globals, locals, fromlist, level)
            finally:
                self._importing.discard(package)
            if name == "dbt.cli.main":
                for dotted, said in INSIDE_DBT.items():
                    self.wrap(dotted, said)
            return answer

        builtins.__import__ = watched

    def write(self, out: Path, began: float) -> None:
        """Everything so far; a part that is under way when a run breaks has no times and is left out."""
        whole = [one for one in self.found if "wall" in one]
        out.write_text(json.dumps({"began": began, "spans": whole, "nodes": self.nodes, "missing": self.missing}))


def process_began() -> float:
    """When the kernel started this process, to a hundredth of a second."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    up = float(Path("/proc/uptime").read_text().split()[0])
    return time.time() - (up - ticks / CLOCK_TICKS)


if __name__ == "__main__":
    started, spans = process_began(), Spans()
    spans.watch_imports()
    for dotted, name in PARTS.items():
        spans.wrap(dotted, name)
    spans.found.insert(0, {"name": "start of Python, modules without Dagster", "began": started,
                           "wall": time.time() - started, "cpu": time.process_time()})  # fmt: skip
    atexit.register(spans.write, Path(sys.argv[1]), started)
    from pipelines.cli import main

    sys.argv = ["faultlines", *sys.argv[2:]]
    main()
