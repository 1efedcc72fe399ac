"""A, B and C through the whole product: `faultlines simulate` and `run`, what was planted found, its null twin quiet.

The organisation has a season and late filing besides what is planted, and its twin the same size and people with
nothing planted at all. Everything is read from the published warehouse.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import measured
from validation.bar import Bar

TUNED_ON = "1"
INCIDENTS = 1000
FAULTLINES = [sys.executable, "-W", "ignore", "-m", "pipelines.cli"]


def published(folder: Path, seed: int, is_null: bool) -> tuple[dict, duckdb.DuckDBPyConnection]:
    """The truth of a simulated organisation, and its warehouse, open to be read."""
    words = ["--incidents", str(INCIDENTS), "--seed", str(seed), "--out", str(folder), *(["--null"] if is_null else [])]
    measured([*FAULTLINES, "simulate", *words])
    measured([*FAULTLINES, "run", "--project", str(folder)])
    (generation,) = (folder / ".faultlines" / "generations").glob("0*")
    return json.loads((folder / "truth.json").read_text()), duckdb.connect(
        str(generation / "warehouse.duckdb"), read_only=True
    )


def found(truth: dict, con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Counts of what was planted, what of it was found, and what was reported besides."""
    lines = {
        tuple(row[:3])
        for row in con.execute(
            "SELECT root_cause, artifact, factor, trigger, service FROM analysis.fault_lines"
        ).fetchall()
        if row[3] is row[4] is None
    }
    (reported,) = con.execute("SELECT count(*) FROM analysis.fault_lines").fetchone()
    planted = {(line["code"], line["artifact"], line["factor"]) for line in truth["fault_lines"]}
    verdicts = {
        (record, action): verdict
        for record, action, verdict in con.execute(
            "SELECT record_id, action_id, verdict FROM analysis.prevention WHERE unit = 'action'"
        ).fetchall()
    }
    fixes = [(fix["verdict"], verdicts[fix["record_id"], fix["action_id"]]) for fix in truth["fixes"]]
    change = truth["rate_change"]
    return {
        "lines planted": len(planted),
        "lines found": len(planted & lines),
        "lines reported": reported,
        "fixes that worked": sum(is_so == "reduced" for is_so, _ in fixes),
        "of them called reduced": sum(is_so == said == "reduced" for is_so, said in fixes),
        "fixes that did nothing": sum(is_so != "reduced" for is_so, _ in fixes),
        "of them called reduced, too": sum(is_so != "reduced" and said == "reduced" for is_so, said in fixes),
        "changes planted": int(change is not None),
        "changes seen": 0 if change is None else int(_is_seen(con, change)),
    }


def _is_seen(con: duckdb.DuckDBPyConnection, change: dict) -> bool:
    (seen,) = con.execute(
        "SELECT count(*) FROM analysis.baselines WHERE kind = 'category' AND series = ? AND week >= ? "
        "AND verdict = 'left its routine range'",
        [change["category"], change["from_week"]],
    ).fetchone()
    return seen > 0


def bars(seed: int, size: int) -> list[Bar]:
    """`size` organisations and as many null twins."""
    totals: dict[str, int] = {}
    quiet_lines = 0
    for n in range(size):
        with tempfile.TemporaryDirectory() as scratch:
            truth, con = published(Path(scratch) / "planted", 1000 * seed + n, is_null=False)
            for name, count in found(truth, con).items():
                totals[name] = totals.get(name, 0) + count
            con.close()
            _, con = published(Path(scratch) / "null", 1000 * seed + n, is_null=True)
            quiet_lines += con.execute("SELECT count(*) FROM analysis.fault_lines").fetchone()[0]
            con.close()
    of = f"{size} organisations of {INCIDENTS} incidents"
    return [
        Bar("A", "planted lines found, whole product", totals["lines found"] / totals["lines planted"], of, least=0.90),
        Bar("A", "reported lines that were planted, whole product",
            totals["lines found"] / max(totals["lines reported"], 1), of, least=0.95),
        Bar("A", "lines in a null twin", quiet_lines / size, f"{size} null twins", most=0.10),
        Bar("B", "planted changes of a category seen", totals["changes seen"] / totals["changes planted"], of,
            least=1.0),
        Bar("C", "planted fixes that worked, called reduced",
            totals["of them called reduced"] / totals["fixes that worked"], of, least=0.90),
        Bar("C", "planted fixes that did nothing, called reduced",
            totals["of them called reduced, too"] / totals["fixes that did nothing"], of, most=0.07),
    ]  # fmt: skip
