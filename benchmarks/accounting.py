"""Every line accounted for: a delivery of good records with a fifth of hostile lines, beside the good records alone.

    python -m benchmarks.accounting [--records 100000] [--seed 1]

An invented organisation is delivered twice, once with a hostile line after every fourth good one (families in
hostile.py, seeded). What must hold: seen is every line; quarantined is every hostile line, each by its own path, line
and code; the section tables, revisions and events of the good records have the content they have without the others.
Left out of that comparison: the line a record stands in and the hash of its file, which the hostile lines move. Ends
with 1 where anything is off.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.hostile import FAMILIES
from pipelines import clock, settings, warehouse
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.run import ingest
from pipelines.publish import content, generations
from pipelines.simulate import simulate

LINES_AN_INCIDENT = 1.582
MOVED = ("line", "file_sha256")
ABOUT_FILES = ("raw.files", "raw.receipts", "raw.quarantine", "raw.carriage", "raw.due_records")


def mixed(good: Path, out: Path, dice: random.Random) -> dict[tuple[str, int], str]:
    """Write each file of `good` with its hostile lines into `out`; the family of each by path and line."""
    out.mkdir(parents=True)
    names, placed = list(FAMILIES), {}
    for path in sorted(good.glob("*.ndjson")):
        number = 0
        with open(path, "rb") as lines, open(out / path.name, "wb") as written:
            for n, line in enumerate(lines, 1):
                written.write(line)
                number += 1
                if n % 4 == 0:
                    family = dice.choice(names)
                    written.write(FAMILIES[family](line.rstrip(b"\n")) + b"\n")
                    number += 1
                    placed[path.name, number] = family
    return placed


def taken(home: Path, records: Path) -> tuple[dict, dict[str, str], list[tuple[str, int, str]]]:
    """One ingestion: its counts, the content of what came in, and what was set aside."""
    home.mkdir()
    source = {"name": "organisation", "glob": str(records / "*.ndjson"), "reader": "native", "time_zone": "UTC"}
    (home / "faultlines.yml").write_text(json.dumps({"sources": [source | {"trusted_times": True}]}))
    chosen = settings.load(home / "faultlines.yml")
    chosen.state.mkdir()
    (chosen.state / "key").write_bytes(b"k" * 32)
    attempt = generations.begin(chosen, clock.now(), fingerprint(chosen, find(chosen)))
    with warehouse.connect(chosen.warehouse) as con:
        counts = ingest(con, chosen, attempt)["records"]
        aside = con.execute("SELECT DISTINCT path, record_line, code FROM raw.quarantine").fetchall()
        columns: dict[str, list[str]] = {}
        for table, column in con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() USING (schema_name, table_name) "
            "WHERE schema_name = 'raw' ORDER BY ALL"
        ).fetchall():
            if f"raw.{table}" not in ABOUT_FILES and column not in (*content.ARRIVAL, *MOVED):
                columns.setdefault(f'raw."{table}"', []).append(column)
        return counts, {table: content._hash(con, table, names) for table, names in columns.items()}, aside


def accounted(records: int, seed: int, scratch: Path) -> list[str]:
    """What is off, after a line for each family on stdout."""
    simulate(scratch / "made", max(30, round(records / LINES_AN_INCIDENT)), seed, 156, False, True)
    good = scratch / "made" / "records"
    for path in {
        one["path"] for one in json.loads((scratch / "made" / "truth.json").read_text())["counts"]["bad_files"]
    }:
        (good / path).unlink()
    placed = mixed(good, scratch / "mixed", random.Random(seed))
    clean, clean_content, _ = taken(scratch / "clean", good)
    found, found_content, aside = taken(scratch / "dirty", scratch / "mixed")
    named = {(path, line) for path, line, code in aside if code}
    by_family = Counter(placed.values())
    for family, n in sorted(by_family.items()):
        missing = sum(1 for place, one in placed.items() if one == family and place not in named)
        print(f"{family:32} {n:8,} lines  {n - missing:8,} set aside by path, line and code")
    print(f"seen {found['seen']:,} = {clean['seen']:,} good + {len(placed):,} hostile; {found}")
    wrong = [f"{place} ({placed[place]}) is not in quarantine" for place in placed.keys() - named]
    wrong += [f"{place} is in quarantine and was good" for place in named - placed.keys()]
    expected = clean | {"seen": clean["seen"] + len(placed), "quarantined": len(placed)}
    if found != expected:
        wrong.append(f"counts {found}, expected {expected}")
    wrong += [f"{table} has another content" for table in clean_content if clean_content[table] != found_content[table]]
    return wrong


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--records", type=int, default=100_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = accounted(asked.records, asked.seed, Path(folder))
    print("\n".join(wrong[:20]) if wrong else "every line is accounted for; the good records are as without the others")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
