"""One new record on 2,000: the wall time of `faultlines run`, and where it goes. `make bench`.

Each round adds one record to a project of 2,000, runs, and reads the time of each step from Dagster's own events.
Medians over the rounds are what to quote, from a quiet machine; a run with nothing new is timed beside them.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.projects import Project, record

RECORDS = int(os.environ.get("FAULTLINES_BENCH_RECORDS", "2000"))
ROUNDS = int(os.environ.get("FAULTLINES_BENCH_ROUNDS", "5"))


def steps(project: Project) -> dict[str, float]:
    """Seconds of each step of the last two Dagster runs (build and page), by step."""
    import dagster as dg

    with dg.DagsterInstance.from_config(str(project.settings.state / "dagster")) as instance:
        runs = instance.get_run_records(limit=2)
        taken = {"(Dagster's own start, steps' bookkeeping)": 0.0}
        for run in runs:
            stats = instance.get_run_step_stats(run.dagster_run.run_id)
            for step in stats:
                taken[step.step_key] = step.end_time - step.start_time
            taken["(Dagster's own start, steps' bookkeeping)"] += (
                run.end_time - run.start_time - sum(s.end_time - s.start_time for s in stats)
            )
        return taken


def timed(project: Project) -> tuple[float, float]:
    """(wall, CPU of all processes) of one run in seconds."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = project.run()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        for number in range(RECORDS):
            project.write(f"{number}.yml", record(number))
        first, _ = timed(project)
        rounds = []
        for number in range(ROUNDS):
            project.write(f"new{number}.yml", record(RECORDS + number))
            wall, cpu = timed(project)
            taken = steps(project)
            taken["(imports, scan, lock, everything else)"] = wall - sum(taken.values())
            rounds.append({"wall": wall, "CPU, all processes": cpu} | taken)
            print(f"round {number + 1}: {wall:.2f} s wall, {cpu:.2f} s CPU", file=sys.stderr)
        nothing = [timed(project)[0] for _ in range(ROUNDS)]
    print(
        f"{RECORDS} records, first run {first:.2f} s; then one new record, {ROUNDS} rounds\n\n"
        "| part | median s | min | max |\n|---|---:|---:|---:|"
    )
    for part in rounds[0]:
        values = [taken[part] for taken in rounds]
        print(f"| {part} | {statistics.median(values):.2f} | {min(values):.2f} | {max(values):.2f} |")
    print(f"| nothing new | {statistics.median(nothing):.2f} | {min(nothing):.2f} | {max(nothing):.2f} |")


if __name__ == "__main__":
    main()
