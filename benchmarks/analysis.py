"""What the analysis costs: fault lines, baselines, nowcasts and verdicts over 10,000 to a million incidents.

    python -m benchmarks.analysis [INCIDENTS …] [--out FILE]

A warehouse as ingestion would leave it is invented in SQL, with a series for about every thirty incidents and a
vocabulary as large as an organisation's; then dbt's own models for the analysis are built and every step is run, in a process of
its own. Here: the data, the order, the page with its plot. Not here: measuring (measure.py), the steps.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from benchmarks import compiled, machine, results
from benchmarks.measure import measured
from pipelines import clock, warehouse
from pipelines.analysis import intervals
from pipelines.analysis.steps import STEPS

SIZES = (10_000, 30_000, 100_000, 300_000, 900_000)
MODELS = ("int_facet_sets", "int_series_weeks", "int_filing_delays", "category_weeks")
PAGE = Path(__file__).with_name("analysis.md")
PLOT = Path(__file__).with_name("analysis.svg")
WEEKS = 520
DASHED, SOLID = 'stroke="gray" stroke-dasharray="5 4"', 'stroke="black"'

# h(n, salt, most): a number below `most` for each n, low numbers more often than high ones, the same everywhere
DRAW = """
CREATE MACRO even(n, salt, most) AS (hash(n * 64 + salt) % most)::BIGINT;
CREATE MACRO planted(word, n) AS CASE WHEN n % 60 = 7 THEN 'planted ' || n % 3 ELSE word END;
CREATE MACRO uneven(n, salt, most) AS floor(most * pow(even(n, salt, 1000003) / 1000003, 2.5))::BIGINT;
"""
INVENTED = """
CREATE TABLE raw.as_of AS SELECT TIMESTAMPTZ '2026-11-16 06:00:00+00' AS as_of;
CREATE TABLE given AS
SELECT
    'INC-' || lpad(n::VARCHAR, 9, '0') AS record_id, n,
    ['service_degradation', 'data_quality_anomaly', 'model_performance_regression'][1 + even(n, 1, 3)] AS category,
    DATE '2016-11-28' + even(n, 2, 7 * {weeks})::INTEGER AS started_on, even(n, 3, {series} * 6 // 10) AS service
FROM range({incidents}) AS numbers(n);
CREATE TABLE intermediate.int_current_records AS
SELECT record_id, category, 'cause ' || even(n, 4, 30) AS subcategory, 'domain ' || even(n, 5, 4) AS domain,
    'project ' || service % ({series} // 5) AS project, true AS is_counted, false AS is_near_miss
FROM given;
CREATE TABLE intermediate.int_incident_starts AS
SELECT record_id, date_trunc('week', started_on)::DATE AS started_week_on FROM given;
CREATE TABLE intermediate.int_known_revisions AS
SELECT record_id, (started_on + even(n, 6, 30)::INTEGER)::TIMESTAMPTZ AS known_from FROM given;
CREATE TABLE intermediate.int_facets AS
SELECT record_id, 'root_cause' AS facet, planted('code ' || uneven(n, 7, 40), n) AS value FROM given
UNION ALL SELECT record_id, 'factor', planted('code ' || uneven(n, 8, 40), n) FROM given
UNION ALL SELECT record_id, 'factor', 'code ' || uneven(n, 9, 40) FROM given WHERE even(n, 10, 2) = 0
UNION ALL SELECT record_id, 'trigger', 'code ' || uneven(n, 11, 20) FROM given
UNION ALL SELECT record_id, 'artifact', planted('artifact ' || uneven(n, 12, 400), n) FROM given
UNION ALL SELECT record_id, 'service', 'service ' || service FROM given
UNION ALL SELECT record_id, 'team', 'team ' || service % ({series} // 5) FROM given
UNION ALL SELECT record_id, 'project', 'project ' || service % ({series} // 5) FROM given;
CREATE TABLE intermediate.int_action_scopes AS
SELECT record_id, 1 AS position, ['service service ' || service] AS places, [planted('code ' || uneven(n, 7, 40), n)] AS codes FROM given;
CREATE TABLE marts.incidents AS
SELECT record_id, category, true AS is_counted, started_on::TIMESTAMPTZ AS started_at,
    date_trunc('week', started_on)::DATE AS started_week_on
FROM given;
CREATE TABLE marts.incident_phases AS
SELECT record_id, 'mitigate' AS phase, 'computed' AS basis, 1.0 + even(n, 13, 900) AS minutes FROM given;
CREATE TABLE marts.causes AS
SELECT record_id, 'RC1' AS cause_id, planted('code ' || uneven(n, 7, 40), n) AS code FROM given;
CREATE TABLE marts.actions AS
SELECT record_id, 1 AS position, 'A1' AS action_id, 'team ' || service % ({series} // 5) AS owner_team,
    started_on + 14 + even(n, 14, 60)::INTEGER AS implemented_on, false AS is_open, ['RC1'] AS prevents
FROM given;
"""


def prepared(target: Path, incidents: int) -> None:
    """The invented warehouse, before any model of the analysis."""
    with warehouse.connect(target) as con:
        con.execute("CREATE SCHEMA raw; CREATE SCHEMA intermediate; CREATE SCHEMA marts")
        con.execute(DRAW)
        con.execute(INVENTED.format(incidents=incidents, weeks=WEEKS, series=max(incidents // 30, 10)))


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
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/><text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{s:.1f} s</text>'
        f'<text x="{x:.1f}" y="{height - 20}" text-anchor="middle">{n:,}</text>'
        for (x, y), (n, s) in zip(found, points, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="white"/>'
        f'<text x="20" y="16">CPU seconds of the analysis by counted incidents; dashed: n log n from the first point</text>'
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
            prepared(target, incidents)
            code = f"import json; from benchmarks import analysis as a; print(json.dumps(a.analysed({str(target)!r}, {str(models)!r})))"
            one = measured([sys.executable, "-W", "ignore", "-c", code])
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
        f"# What the analysis costs\n\nMeasured {clock.now():%Y-%m-%d} by `make bench-analysis`, which writes this file: the "
        f"models of the analysis built and every step run over an invented warehouse, start of Python included.\n\n"
        f"{about}\n{table}\n![CPU seconds by incidents](analysis.svg)\n",
        encoding="utf-8",
    )
    PLOT.write_text(plot(points), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
