"""What the analysis costs: fault lines, baselines, nowcasts and verdicts over 10,000 to a million incidents.

    python -m benchmarks.analysis [INCIDENTS …] [--out FILE]

Over an invented warehouse dbt's own models for the analysis are built and every step is run, in a process of its own.
Here: the order, the page with its plot. Not here: the data (invented.py), measuring (measure.py), the steps.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from benchmarks import compiled, invented, machine, results
from benchmarks.measure import measured
from pipelines import clock, warehouse
from pipelines.analysis import intervals
from pipelines.analysis.steps import STEPS

SIZES = (10_000, 30_000, 100_000, 300_000, 900_000)
MODELS = ("int_repeats", "int_facet_sets", "int_series_weeks", "int_filing_delays", "category_weeks")
PAGE = Path(__file__).with_name("analysis.md")
PLOT = Path(__file__).with_name("analysis.svg")
ALONE = "import sys, json; from benchmarks.analysis import analysed; print(json.dumps(analysed(*sys.argv[1:])))"
DASHED, SOLID = 'stroke="gray" stroke-dasharray="5 4"', 'stroke="black"'


def analysed(target: str, models: str) -> dict:
    """Seconds of each model and each step, and how many series there were."""
    by_name = {model["name"]: model for model in json.loads(Path(models).read_text())}
    parts = {}
    with warehouse.connect(Path(target)) as con:

        def part(name: str, work) -> None:
            wall, cpu = perf_counter(), process_time()
            work()
            parts[name] = {"wall": perf_counter() - wall, "cpu": process_time() - cpu}

        for name in MODELS:
            model = by_name[name]
            build = f"CREATE OR REPLACE {model['kind']} {model['relation']} AS {model['sql']}"
            part(name, lambda build=build: con.execute(build))
        intervals.define(con)
        for name, write in STEPS.items():
            part(name, lambda write=write: write(con))
        (series,) = con.execute("SELECT count(DISTINCT (kind, series)) FROM analysis.baselines").fetchone()
    return {"parts": parts, "series": series}


def plot(points: list[tuple[int, float]]) -> str:
    """CPU seconds by incidents on two log axes, as SVG, with the line that n log n draws through the first point."""
    (n0, s0), width, height = points[0], 560, 360

    def place(n: float, s: float) -> tuple[float, float]:
        return 60 + (math.log10(n) - 4) / 2.05 * (width - 80), height - 40 - (math.log10(s) + 0.5) / 2.5 * (height - 60)

    def line(some: list[tuple[float, float]], how: str) -> str:
        return f'<polyline fill="none" {how} points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in some)}"/>'

    ideal = [place(n, s0 * n * math.log(n) / (n0 * math.log(n0))) for n, _ in points]
    found = [place(n, s) for n, s in points]
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{s:.1f} s</text>'
        f'<text x="{x:.1f}" y="{height - 20}" text-anchor="middle">{n:,}</text>'
        for (x, y), (n, s) in zip(found, points, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="white"/>'
        f'<text x="20" y="16">CPU seconds by counted incidents; dashed: n log n from the first point</text>'
        f"{line(ideal, DASHED)}{line(found, SOLID)}{marks}</svg>\n"
    )


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("incidents", type=int, nargs="*", default=SIZES)
    words.add_argument("--out", type=Path, default=PAGE)
    asked = words.parse_args()
    rows, points, names = [], [], []
    with tempfile.TemporaryDirectory(prefix="faultlines-analysis-") as folder:
        models = compiled.write(Path(folder))
        for incidents in asked.incidents:
            target = Path(folder) / str(incidents) / "warehouse.duckdb"
            target.parent.mkdir()
            invented.prepared(target, incidents)
            one = measured([sys.executable, "-W", "ignore", "-c", ALONE, str(target), str(models)])
            said = json.loads(one.said.splitlines()[-1])
            names = list(said["parts"])
            cpu = [f"{said['parts'][name]['cpu']:.2f}" for name in names]
            rows.append(
                (f"{incidents:,}", f"{said['series']:,}", f"{one.wall:.1f}", f"{one.cpu:.1f}", one.peak >> 20, *cpu)
            )
            points.append((incidents, one.cpu))
            print(*rows[-1], file=sys.stderr, flush=True)
    about = results.table(("what", "is"), (machine.machine() | machine.versions()).items())
    head = ("incidents", "series", "wall s", "CPU s", "peak MB", *(f"CPU {name}" for name in names))
    table = results.table(head, rows, numbers=len(head))
    asked.out.write_text(
        f"# What the analysis costs\n\nMeasured {clock.now():%Y-%m-%d} by `make bench-analysis`, which writes this "
        "file: the models of the analysis built and every step run over an invented warehouse, with Python's start.\n\n"
        f"{about}\n{table}\n![CPU seconds by incidents](analysis.svg)\n",
        encoding="utf-8",
    )
    PLOT.write_text(plot(points), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
