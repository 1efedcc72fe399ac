"""The gate as the run uses it: apply the rules, count shares, hand frames over, read the verdicts.

Here: the order, and frames as files. Not here: Great Expectations (judge.py), its process (worker.py), rules and
expectations (schemas/), what counts (shares.py), what an answer means (verdicts.py), Dagster (assets.py, checks.py).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import duckdb

from pipelines.analysis import intervals
from pipelines.contract import bundle
from pipelines.contract.tables import tables
from pipelines.quality import expectations as suites
from pipelines.quality import history, record_quality, rules, shares, verdicts, worker
from pipelines.quality.suite import Expectation, Suite
from pipelines.quality.verdicts import JOB, SHARES, Verdict
from pipelines.quality.worker import GateError
from pipelines.settings import Source
from pipelines.warehouse import literal

TABLES = Path(__file__).with_name("gate_tables.sql")
# Great Expectations' own words for "the share reaches what is needed"; where nothing can be told there is no share
OF_SHARES = {
    "id": SHARES,
    "frame": SHARES,
    "severity": "critical",
    "expect": "expect_column_pair_values_a_to_be_greater_than_b",
    "arguments": {
        "column_A": "at_best",
        "column_B": "needed",
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    },
}


def apply_rules(con: duckdb.DuckDBPyConnection, is_full: bool = False) -> dict[str, int]:
    """Judge what was not judged yet by the catalogue, or everything; how many revisions have a verdict, and how many
    findings there are."""
    record_quality.apply(con, rules.load(), only_new=not is_full)
    counts = "SELECT (SELECT count(*) FROM quality.record_quality), (SELECT count(*) FROM quality.findings)"
    return dict(zip(("revisions", "findings"), con.execute(counts).fetchone(), strict=True))


def suite(sources: Iterable[Source] = ()) -> Suite:
    """What the gate expects, with the thresholds that these sources set for themselves."""
    own = {source.name: source.thresholds for source in sources if source.thresholds}
    return suites.load(rules.load(), bundle.load(), of_sources=own)


def expectations() -> tuple[Expectation, ...]:
    """Everything the gate expects, rules first."""
    return suite().expectations


def hand_over(con: duckdb.DuckDBPyConnection, folder: Path, sources: Iterable[Source]) -> None:
    """Give the run's worker its job; it is at work when this returns."""
    at_work = worker.start()
    at_work.submit(frames(con, suite(sources), folder))
    at_work.let_go()


def found() -> list[Verdict]:
    """Wait for the worker. An expectation that could not be judged is no verdict: GateError names it."""
    read = verdicts.read(worker.answered(), expectations())
    broken = [f"{verdict.expectation}: {verdict.exception}" for verdict in read if verdict.exception]
    if broken:
        raise GateError(f"{len(broken)} of {len(read)} expectations could not be judged; {broken[0]}")
    return read


def frames(con: duckdb.DuckDBPyConnection, suite: Suite, folder: Path) -> Path:
    """Write shares, frames and what is expected of them into an empty folder, the worker's job.

    CSV because pandas reads Parquet and Arrow only with pyarrow (150 MB more), and Great Expectations' own CSV asset
    lets one checkpoint judge several frames; 2,000 records are 0.2 MB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counted = count(con, suite)
    kinds = {SHARES: _write_shares(folder, counted)}
    kinds |= {name: _write_frame(con, folder, name, sql) for name, sql in suite.frames.items()}
    judged = [_for_judge(each) for each in suite.expectations if each.frame]
    job = {"kinds": kinds, "expectations": [OF_SHARES, *judged], SHARES: [asdict(share) for share in counted]}
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")
    return folder


def count(con: duckdb.DuckDBPyConnection, suite: Suite) -> list[shares.Share]:
    """Every share, after making the tables and functions their SQL may use; frames may use them too."""
    history.prepare(con)
    intervals.define(con)
    con.execute(TABLES.read_text(encoding="utf-8"))
    con.execute(f"CREATE OR REPLACE TEMP VIEW section_rows AS {_sections()}")
    return shares.count(con, suite)


def _for_judge(each: Expectation) -> dict:
    return {name: getattr(each, name) for name in ("id", "frame", "severity", "expect", "arguments")}


def _write_shares(folder: Path, counted: list[shares.Share]) -> dict[str, str]:
    with open(folder / f"{SHARES}.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("at_best", "needed"))
        rows.writerows((share.at_best, share.needed) for share in counted)
    return {"at_best": "float64", "needed": "float64"}


def _write_frame(con: duckdb.DuckDBPyConnection, folder: Path, name: str, sql: str) -> dict[str, str]:
    """One frame as CSV; its columns and what pandas shall take them for."""
    columns = con.execute(f"DESCRIBE {sql}").fetchall()
    kinds = {column: _kind(name, column, kind) for column, kind, *_ in columns}
    casts = ", ".join(
        f'"{column}"::INTEGER AS "{column}"' if kind == "BOOLEAN" else f'"{column}"' for column, kind, *_ in columns
    )
    path = literal(str(folder / f"{name}.csv"))
    con.execute(f"COPY (SELECT {casts} FROM ({sql})) TO {path} (HEADER, FORCE_QUOTE (record_id))")
    return kinds


def _kind(frame: str, column: str, kind: str) -> str:
    if kind.startswith(("TIMESTAMP", "DATE", "TIME", "STRUCT")) or kind.endswith("[]"):
        raise GateError(f"frame {frame}: {column} is {kind}; select text, a number or true/false instead")
    return "str" if kind == "VARCHAR" else "float64"


def _sections() -> str:
    """Every row of every raw table with parts of records, as the revision it belongs to."""
    names = [table.name for table in tables(bundle.load())] + ["field_states", "presence"]
    return " UNION ALL ".join(f"SELECT 'raw.{name}' AS section, revision_id FROM raw.{name}" for name in names)
