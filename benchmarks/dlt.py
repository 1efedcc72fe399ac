"""dlt filling raw tables from the same lines, once, beside what ingestion alone costs. On request only.

    python -m benchmarks --dlt PYTHON      PYTHON: an interpreter whose environment has dlt[duckdb]

dlt is no dependency. Rows are Python objects, a table for each list, into DuckDB: dlt's own way. Nothing of the project
is imported by the part that runs in that environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import MB, Failed, measured

ALONE = """
import json, sys
from pathlib import Path
import dlt

@dlt.resource(name="records", write_disposition="append")
def rows():
    for path in sorted(Path(sys.argv[1]).glob("*.ndjson")):
        with open(path, errors="replace") as lines:
            yield from map(json.loads, lines)

folder = Path(sys.argv[2])
target = dlt.destinations.duckdb(str(folder / "dlt.duckdb"))
pipeline = dlt.pipeline("bench", destination=target, dataset_name="raw", pipelines_dir=str(folder / "dlt"))
pipeline.run(rows())
"""


def ingest_alone(project: Path) -> None:
    """Find, read, validate, version, set aside, load: an attempt as far as the raw tables."""
    from pipelines import clock, settings, warehouse
    from pipelines.ingest.find import find, fingerprint
    from pipelines.ingest.run import ingest
    from pipelines.publish import generations

    chosen = settings.load(project / "faultlines.yml")
    attempt = generations.begin(chosen, clock.now(), fingerprint(chosen, find(chosen)))
    with warehouse.connect(chosen.warehouse) as con:
        ingest(con, chosen, attempt)
        con.execute("CHECKPOINT")


def beside(python: str, scratch: Path, lines: int, say: Callable[[str], None]) -> str:
    """A section of the page: both once, since dlt takes minutes for what takes seconds."""
    from benchmarks.results import table
    from benchmarks.rounds import Bench

    bench = Bench.of_size(lines, scratch / "beside", scratch / "none")
    bench.clear()
    environment = {"RUNTIME__DLTHUB_TELEMETRY": "false"}
    turns = {
        "ours, ingestion alone": [sys.executable, "-m", "benchmarks.dlt", str(bench.project)],
        "dlt": [python, "-c", ALONE, str(bench.project / "records"), str(scratch)],
    }
    rows = []
    for who, words in turns.items():
        try:
            one = measured(words, environment)
            rows.append((who, f"{one.wall:.2f}", f"{one.cpu:.2f}", f"{one.peak / MB:.0f}"))
        except Failed as error:
            rows.append((who, json.dumps(str(error)[-200:]), "", ""))
        say(f"{lines:,} lines, {rows[-1]}")
    return f"\n## Beside dlt, {lines:,} lines, once\n\n" + table(("", "wall s", "CPU s", "peak MB"), rows, 3)


if __name__ == "__main__":
    ingest_alone(Path(sys.argv[1]))
