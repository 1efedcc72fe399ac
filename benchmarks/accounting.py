"""Every line accounted for: a delivery with a fifth of hostile lines, beside one without those that are refused.

    python -m benchmarks.accounting [--records 100000] [--seed 1]      RECORDS: lines, hostile ones among them

What must hold: seen = accepted + unchanged + duplicate + conflicted + quarantined, each as the maker of the delivery
counted it; every hostile line has its outcome by path and line, a refused one its code; every table is as without them.
Not compared are what tells of lines and files (MOVED, ABOUT_FILES): hostile lines are to be found there. `make
accounting` runs the whole product on both; the suite's small form stops at the raw tables. Ends with 1 where anything
is off.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.delivery import Placed, written
from benchmarks.measure import measured
from pipelines import clock, settings, warehouse
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.run import ingest
from pipelines.publish import content, generations

OUTCOMES = ("accepted", "unchanged", "duplicate", "conflicted", "quarantined")
MOVED = ("line", "file_sha256")
ABOUT_FILES = ("raw.files", "raw.receipts", "raw.quarantine", "raw.carriage", "marts.ingest_history")
NOW = "2026-11-16T06:00:00Z"  # both deliveries are received at one moment: some marts count days until now
# clocks there skip and repeat an hour; the organisation's own times have their offsets
SOURCE = {"name": "organisation", "glob": "records/*.ndjson", "reader": "native", "time_zone": "Europe/Berlin"}


def taken_in(home: Path) -> tuple[Path, dict]:
    """One attempt as far as the raw tables; where its warehouse is, and how many records it says it saw."""
    chosen = settings.load(home / "faultlines.yml")
    attempt = generations.begin(chosen, clock.parse(NOW), fingerprint(chosen, find(chosen)))
    with warehouse.connect(chosen.warehouse) as con:
        return chosen.warehouse, ingest(con, chosen, attempt)["records"]


def published(home: Path) -> tuple[Path, dict]:
    """A whole run, checks, models and page; the same of it."""
    words = [sys.executable, "-m", "pipelines.cli", "run", "--json", "--project", str(home)]
    said = json.loads(measured(words, {"FAULTLINES_NOW": NOW}).said)
    return generations.published(settings.load(home / "faultlines.yml").state)[0], said["records"]


def accounted(lines: int, seed: int, scratch: Path, take: Callable[[Path], tuple[Path, dict]]) -> list[str]:
    """What is off; a table of the families on stdout."""
    dirty, clean, good, placed = written(lines, seed, scratch)
    found = {}
    for home in (clean, dirty):
        (home / "faultlines.yml").write_text(json.dumps({"sources": [SOURCE | {"trusted_times": True}]}))
        (home / ".faultlines").mkdir()
        (home / ".faultlines" / "key").write_bytes(b"k" * 32)  # one key: the same person is the same word in both
        path, said = take(home)
        with warehouse.connect(path, read_only=True) as con:
            found[home] = _contents(con)
            if home == dirty:
                wrong = _outcomes(con, good, placed) + _counts(con, said, good, placed)
    names = found[clean].keys() | found[dirty].keys()
    wrong += [
        f"{name} has another content" for name in sorted(names) if found[clean].get(name) != found[dirty].get(name)
    ]
    print(f"{len(names)} tables compared with those of the delivery without refused lines and copies")
    return wrong


def _outcomes(con: duckdb.DuckDBPyConnection, good: int, placed: list[Placed]) -> list[str]:
    """Lines whose outcome or code is not what their maker says, and sums that are not his."""
    receipts = "SELECT path, line, outcome FROM raw.receipts WHERE outcome <> 'accepted'"
    outcomes = {(path, line): outcome for path, line, outcome in con.execute(receipts).fetchall()}
    aside = "SELECT path, record_line, list(DISTINCT code) FROM raw.quarantine WHERE line = record_line GROUP BY ALL"
    codes = {(path, line): found for path, line, found in con.execute(aside).fetchall()}
    wrong, exact = [], Counter()
    for one in placed:
        place, wanted = (one.path, one.line), [one.code] if one.code else None
        outcome, code = outcomes.pop(place, "accepted"), codes.pop(place, None)
        if (outcome, code) == (one.outcome, wanted):
            exact[one.family] += 1
        else:
            wrong.append(f"{one.path}:{one.line}, {one.family}: {outcome} {code}, expected {one.outcome} {wanted}")
    wrong += [f"{path}:{line} was good and is {outcome}" for (path, line), outcome in outcomes.items()]
    wrong += [f"{path}:{line} was good and has {code}" for (path, line), code in codes.items()]
    for family, n in sorted(Counter(one.family for one in placed).items()):
        outcome, code = next((one.outcome, one.code or "") for one in placed if one.family == family)
        print(f"{family:34} {outcome:12} {code:6} {n:9,} lines {exact[family]:9,} as expected")
    return wrong


def _counts(con: duckdb.DuckDBPyConnection, said: dict, good: int, placed: list[Placed]) -> list[str]:
    """Sums that are not the maker's: what the run says of itself, its receipts, and its files."""
    expected = dict.fromkeys(OUTCOMES, 0) | Counter(one.outcome for one in placed) | {"accepted": good}
    receipts = con.execute("SELECT outcome, count(*) FROM raw.receipts GROUP BY 1").fetchall()
    files = con.execute("SELECT sum(records), sum(quarantined) FROM raw.files").fetchone()
    total, aside = good + len(placed), expected["quarantined"]
    found = {
        "the run": (said, expected | {"seen": total}),
        "receipts": (dict.fromkeys(OUTCOMES, 0) | dict(receipts), expected),
        "files": (files, (total - aside, aside)),
    }
    print(f"{total:,} lines delivered = {' + '.join(f'{said[name]:,} {name}' for name in OUTCOMES)}")
    return [f"{where}: {one}, expected {other}" for where, (one, other) in found.items() if one != other]


def _contents(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The content of every table, without the columns that say where a line stands."""
    columns: dict[str, list[str]] = {}
    for schema, table, column in con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "JOIN duckdb_tables() USING (schema_name, table_name) WHERE schema_name IN ? ORDER BY ALL",
        [content.SCHEMAS],
    ).fetchall():
        if f"{schema}.{table}" not in (*content.ABOUT_RUNS, *ABOUT_FILES) and column not in (*content.ARRIVAL, *MOVED):
            columns.setdefault(f'{schema}."{table}"', []).append(column)
    return {table: content._hash(con, table, names) for table, names in columns.items()}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--records", type=int, default=100_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="faultlines-accounting-") as folder:
        wrong = accounted(asked.records, asked.seed, Path(folder), published)
    print("\n".join(wrong[:20]) if wrong else "every line is accounted for; every table is as without them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
