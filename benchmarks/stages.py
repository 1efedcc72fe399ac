"""Where the time of one run goes: spans from outside and the steps of Dagster's own log, as one tree.

Here: putting one inside the other by their times, and what is left over of each. Not here: the timing (spans.py), the
table's Markdown (results.py). CPU is the run's own process with all its threads; Great Expectations works beside it in
a process of its own. A step of Dagster's log has wall time only.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Measured, measured
from benchmarks.rounds import Bench

LEAST_REST = 0.02  # seconds; below it what is left over of a part says nothing
SLOWEST = 8


@dataclass
class Stage:
    """A part of a run and the parts inside it."""

    name: str
    began: float
    wall: float
    cpu: float | None = None
    parts: list[Stage] = field(default_factory=list)

    @property
    def ended(self) -> float:
        return self.began + self.wall

    @property
    def rest(self) -> float:
        """Wall seconds that no part inside it explains."""
        return self.wall - sum(part.wall for part in self.parts)


@dataclass
class Profile:
    """One run: its tree, dbt's nodes by seconds, and the parts that the code no longer has."""

    whole: Stage
    measured: Measured
    nodes: list[tuple[str, float]]
    missing: list[str]

    def slowest(self) -> list[tuple[str, float]]:
        return sorted(self.nodes, key=lambda node: (-node[1], node[0]))[:SLOWEST]


def profile(bench: Bench, out: Path) -> Profile:
    """Run once with everything timed."""
    words = [sys.executable, "-m", "benchmarks.spans", str(out), "run", "--project", str(bench.project)]
    taken = measured(words)
    said = json.loads(out.read_text())
    whole = Stage("one run", said["began"], taken.wall, taken.cpu)
    found = [Stage(one["name"], one["began"], one["wall"], one["cpu"]) for one in said["spans"]]
    return Profile(nested(whole, found + steps(bench.project, said["began"])), taken, said["nodes"], said["missing"])


def nested(whole: Stage, found: list[Stage]) -> Stage:
    """Each stage under the shortest one within whose time it lies."""
    stack = [whole]
    for stage in sorted(found, key=lambda stage: (stage.began, -stage.wall)):
        middle = stage.began + stage.wall / 2  # clocks of two sources differ by a millisecond or two
        while len(stack) > 1 and middle > stack[-1].ended:
            stack.pop()
        stack[-1].parts.append(stage)
        stack.append(stage)
    return whole


def steps(project: Path, since: float) -> list[Stage]:
    """The jobs and steps that Dagster logged since a moment."""
    import dagster as dg

    from pipelines import settings

    home = settings.load(project / "faultlines.yml").state / "dagster"
    found = []
    if not (home / "dagster.yaml").exists():
        return found
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for run in instance.get_run_records():
            if run.start_time is None or run.end_time is None or run.start_time < since:
                continue
            name = f"Dagster's job {run.dagster_run.job_name}"
            found.append(Stage(name, run.start_time, run.end_time - run.start_time))
            for step in instance.get_run_step_stats(run.dagster_run.run_id):
                if step.start_time and step.end_time:
                    wall = step.end_time - step.start_time
                    found.append(Stage(f"step {step.step_key}", step.start_time, wall))
    return found
