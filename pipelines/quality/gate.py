"""The gate as the run uses it: apply the rules, hand frames over, read the verdicts, store them.

Here: selecting frames and what the answers to them mean. Not here: Great Expectations (judge.py), its process
(worker.py), rules and expectations (schemas/), Dagster (assets.py, checks.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipelines.contract import bundle
from pipelines.contract.tables import tables
from pipelines.quality import expectations as suites
from pipelines.quality import record_quality, rules, worker
from pipelines.quality.expectations import Expectation, Suite
from pipelines.quality.worker import GateError
from pipelines.warehouse import insert

SUITE, ANSWERS = "suite.json", "answers.json"
RECORDS_NAMED = 50
RESULTS = {
    "expectation": "VARCHAR", "concern": "VARCHAR", "target": "VARCHAR", "severity": "VARCHAR", "success": "BOOLEAN",
    "evaluated": "BIGINT", "failed": "BIGINT", "needed": "DOUBLE", "share": "DOUBLE", "exception": "VARCHAR",
    "record_ids": "VARCHAR[]", "as_of": "TIMESTAMPTZ",
}  # fmt: skip
# Revisions that some file holds: what people can mend. Not "as known on T", which int_known_revisions alone says and
# which is not built yet when the gate is at work.
HELD_NOW = """
    SELECT DISTINCT revision_id FROM raw.carriage
    SEMI JOIN (SELECT source, path, max(generation) AS generation FROM raw.files GROUP BY ALL) AS last_reading
      USING (source, path, generation)
"""


@dataclass(frozen=True)
class Verdict:
    """What became of one expectation. With `exception` it was not judged, which blocks like a critical failure."""

    expectation: str
    concern: str
    target: str
    severity: str
    success: bool
    evaluated: int
    failed: int
    needed: float
    share: float | None
    exception: str | None
    record_ids: tuple[str, ...]


def apply_rules(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Judge what was not judged yet by the catalogue; how many revisions have a verdict, and how many findings."""
    record_quality.apply(con, rules.load(), only_new=True)
    counts = "SELECT (SELECT count(*) FROM quality.record_quality), (SELECT count(*) FROM quality.findings)"
    return dict(zip(("revisions", "findings"), con.execute(counts).fetchone(), strict=True))


def expectations() -> tuple[Expectation, ...]:
    """Everything the gate expects, rules' thresholds first."""
    return suites.load(rules.load(), bundle.load()).expectations


def hand_over(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Give the run's worker its job; it is at work when this returns."""
    worker.start().submit(frames(con, suites.load(rules.load(), bundle.load()), folder))


def verdicts() -> list[Verdict]:
    """Wait for the worker. An expectation that could not be judged is no verdict: GateError names it."""
    found = read(worker.start().collect())
    broken = [f"{verdict.expectation}: {verdict.exception}" for verdict in found if verdict.exception]
    if broken:
        raise GateError(f"{len(broken)} of {len(found)} expectations could not be judged; {broken[0]}")
    return found


def frames(con: duckdb.DuckDBPyConnection, suite: Suite, folder: Path) -> Path:
    """Write every frame and the suite into an empty folder, the worker's job.

    CSV because pandas reads Parquet and Arrow only with pyarrow (150 MB more), and Great Expectations' own CSV asset
    lets one checkpoint judge several frames; 2,000 records are 0.2 MB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    con.execute(f"CREATE OR REPLACE TEMP TABLE held_now AS {HELD_NOW}")
    kinds = {}
    for name, sql in suite.frames.items():
        selected = _sections() if sql.strip() == "sections" else sql
        columns = con.execute(f"DESCRIBE {selected}").fetchall()
        kinds[name] = {column: _kind(name, column, kind) for column, kind, *_ in columns}
        casts = ", ".join(
            f'"{column}"::INTEGER AS "{column}"' if kind == "BOOLEAN" else f'"{column}"' for column, kind, *_ in columns
        )
        path = str(folder / f"{name}.csv").replace("'", "''")
        con.execute(f"COPY (SELECT {casts} FROM ({selected})) TO '{path}' (HEADER, FORCE_QUOTE (record_id))")
    job = {"kinds": kinds, "expectations": suite.as_json(), "record_ids": RECORDS_NAMED}
    (folder / SUITE).write_text(json.dumps(job), encoding="utf-8")
    return folder


def _kind(frame: str, column: str, kind: str) -> str:
    if kind.startswith(("TIMESTAMP", "DATE", "TIME", "STRUCT")) or kind.endswith("[]"):
        raise GateError(f"frame {frame}: {column} is {kind}; select text, a number or true/false instead")
    return "str" if kind == "VARCHAR" else "float64"


def _sections() -> str:
    """One row per raw table with parts of records: its rows of revisions that do not exist."""
    names = [table.name for table in tables(bundle.load())] + ["field_states", "field_values"]
    return " UNION ALL ".join(
        f"SELECT 'raw.{name}' AS record_id, count(*) FILTER (v.revision_id IS NULL) AS orphans "
        f"FROM raw.{name} AS s LEFT JOIN raw.revisions AS v ON v.revision_id = s.revision_id"
        for name in names
    )


def read(folder: Path) -> list[Verdict]:
    """The worker's answers as verdicts, in the order of the suite. An answer that is not there is an exception."""
    job = json.loads((folder / SUITE).read_text(encoding="utf-8"))
    answers = json.loads((folder / ANSWERS).read_text(encoding="utf-8"))
    return [_verdict(Expectation(**written), answers.get(written["id"])) for written in job["expectations"]]


def _verdict(expectation: Expectation, answer: dict | None) -> Verdict:
    answer = answer or {"exception": "the checkpoint returned no result for it"}
    evaluated, failed = answer.get("evaluated", 0), answer.get("failed", 0)
    is_judged = "exception" not in answer
    severity = expectation.severity if not is_judged or evaluated >= expectation.at_least else "warning"
    return Verdict(
        expectation=expectation.id,
        concern=expectation.concern,
        target=f"{expectation.frame}.{expectation.column}",
        severity=severity if is_judged else "critical",
        success=is_judged and answer["success"],
        evaluated=evaluated,
        failed=failed,
        needed=expectation.needed,
        share=1 - failed / evaluated if evaluated else None,
        exception=answer.get("exception"),
        record_ids=tuple(answer.get("record_ids", ())),
    )


def blocking(found: list[Verdict]) -> list[Verdict]:
    """What forbids publication: critical failures, and every expectation that could not be judged."""
    return [v for v in found if not v.success and (v.severity == "critical" or v.exception)]


def store(con: duckdb.DuckDBPyConnection, found: list[Verdict]) -> None:
    """quality.results: the verdicts of this build, nothing of earlier ones, so that equal data give equal tables."""
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    shape = ", ".join(f"{name} {kind}" for name, kind in RESULTS.items())
    con.execute(f"CREATE OR REPLACE TABLE quality.results ({shape})")
    as_of = con.execute("SELECT as_of::VARCHAR FROM raw.as_of").fetchone()[0]
    rows = [{name: value for name, value in asdict(v).items() if name in RESULTS} | {"as_of": as_of} for v in found]
    insert(con, "quality.results", RESULTS, rows)
