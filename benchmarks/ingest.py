"""What ingestion costs beside plain DuckDB filling the same tables, and beside dlt: CPU-seconds, in one run, by turns.

    python benchmarks/ingest.py FOLDER [--rounds 3] [--dlt PYTHON]      FOLDER: made by `faultlines simulate --ndjson`

Plain DuckDB reads the same lines into the same section tables and raw.revisions, and checks nothing: no validation, no
duplicates, no quarantine, no presence of fields, no pseudonyms. dlt is no dependency: it is timed by the interpreter
named, in whose environment `dlt[duckdb]` is installed. Each contestant is a process of its own; its CPU is what the
kernel says of it when it has ended.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def ours(folder: Path, scratch: Path) -> None:
    """Find, read, validate, version, quarantine, load."""
    from pipelines import clock, settings, warehouse
    from pipelines.ingest.find import find, fingerprint
    from pipelines.ingest.run import ingest
    from pipelines.publish import generations

    project = scratch / "faultlines.yml"
    source = {"name": "organisation", "glob": str(folder / "records" / "*"), "reader": "native", "time_zone": "UTC"}
    project.write_text(json.dumps({"sources": [source | {"trusted_times": True}]}))
    chosen = settings.load(project)
    attempt = generations.begin(chosen, clock.now(), fingerprint(chosen, find(chosen)))
    with warehouse.connect(chosen.warehouse) as con:
        print(json.dumps(ingest(con, chosen, attempt)["records"]))
        con.execute("CHECKPOINT")


def duckdb(folder: Path, scratch: Path) -> None:
    """The same section tables by SQL alone."""
    from pipelines import warehouse
    from pipelines.contract import bundle
    from pipelines.contract.tables import ddl, fill, structure, tables
    from pipelines.ingest import load
    from pipelines.warehouse import literal

    schema = bundle.load()
    with warehouse.connect(scratch / "plain.duckdb") as con:
        for name in ("raw_tables.sql", "raw_macros.sql"):
            con.execute((Path(load.__file__).parent / name).read_text())
        con.execute("BEGIN")
        con.execute(
            "CREATE TEMP TABLE lines AS SELECT json AS record, sha256(json::VARCHAR) AS content_hash, "
            "row_number() OVER (PARTITION BY filename) AS line, filename AS path FROM read_json_objects("
            f"{literal(str(folder / 'records' / '*.ndjson'))}, format='newline_delimited', filename=true, "
            "ignore_errors=true)"
        )
        con.execute(
            "INSERT INTO raw.revisions BY NAME SELECT record ->> 'id' AS record_id, content_hash[:32] AS revision_id, "
            "content_hash, 'organisation' AS source, path, line, record FROM lines WHERE record ->> 'id' IS NOT NULL"
        )
        con.execute(
            "CREATE TEMP TABLE batch AS SELECT record_id, revision_id, 'UTC' AS time_zone, "
            f"json_transform(record, '{structure(schema)}') AS r FROM raw.revisions"
        )
        for table in tables(schema):
            con.execute(ddl(table))
            con.execute(fill(table))
        con.execute("COMMIT")
        con.execute("CHECKPOINT")
        print(json.dumps({"revisions": con.execute("SELECT count(*) FROM raw.revisions").fetchone()[0]}))


def dlt(folder: Path, scratch: Path) -> None:
    """dlt's own way: rows as Python objects, a table for each list, into DuckDB."""
    import dlt as tool

    @tool.resource(name="records", write_disposition="append")
    def rows():
        for path in sorted((folder / "records").glob("*.ndjson")):
            with open(path, errors="replace") as lines:
                for line in lines:
                    try:
                        yield json.loads(line)
                    except ValueError:
                        continue

    pipeline = tool.pipeline(
        "bench",
        destination=tool.destinations.duckdb(str(scratch / "dlt.duckdb")),
        dataset_name="raw",
        pipelines_dir=str(scratch / "dlt"),
    )
    pipeline.run(rows())
    print(json.dumps({"tables": len(pipeline.default_schema.data_tables())}))


CONTESTANTS = {"ours": ours, "duckdb": duckdb, "dlt": dlt}


def measured(name: str, folder: Path, python: str) -> tuple[float, float, str]:
    """CPU-seconds, peak memory in MB (of the largest so far), and what it printed."""
    with tempfile.TemporaryDirectory() as scratch:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [python, __file__, str(folder), "--contestant", name, "--scratch", scratch]
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            env=os.environ | {"RUNTIME__DLTHUB_TELEMETRY": "false", "PYTHONPATH": str(ROOT)},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, after.ru_maxrss / 1024, done.stdout.strip().splitlines()[-1]


def main() -> None:
    """Rounds by turns, and the ratio of each round: a machine that drifts drifts for both."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("folder", type=Path)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--dlt", help="An interpreter whose environment has dlt[duckdb].")
    words.add_argument("--contestant", choices=CONTESTANTS)
    words.add_argument("--scratch", type=Path)
    asked = words.parse_args()
    if asked.contestant:
        return CONTESTANTS[asked.contestant](asked.folder, asked.scratch)
    pythons = {"ours": sys.executable, "duckdb": sys.executable} | ({"dlt": asked.dlt} if asked.dlt else {})
    names = list(pythons)
    ratios: dict[str, list[float]] = {name: [] for name in names[1:]}
    for number in range(asked.rounds):
        cpu = {}
        for name in names if number == 0 else names[:2]:  # dlt takes minutes: once is enough to see its size
            cpu[name], peak, said = measured(name, asked.folder, pythons[name])
            print(f"round {number + 1}  {name:<7} {cpu[name]:8.1f} CPU-s  {peak:7.0f} MB  {said}", flush=True)
        for name in cpu.keys() & ratios.keys():
            ratios[name].append(cpu["ours"] / cpu[name])
    for name, found in ratios.items():
        print(f"ours / {name}: {statistics.median(found):.2f} ({', '.join(f'{ratio:.2f}' for ratio in found)})")
    return None


if __name__ == "__main__":
    main()
