"""dbt, called in this process: the models over the attempt's warehouse.

Here: how dbt is invoked and what it says back. Not here: Dagster's view of the models (transform.py), any SQL.

dbt runs with the state folder as its working directory, because its profile names `work/warehouse.duckdb` relatively:
a profile that never changes keeps dbt's parse (3-4 s). It keeps its connection until it is told to let go.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines import warehouse
from pipelines.settings import DBT_PROJECT

SCHEMAS = ("staging", "intermediate", "marts")
PREPARED = DBT_PROJECT / "target"
PARSE = "partial_parse.msgpack"


class ModelsFailed(Exception):
    """A model or a data test failed; the message holds dbt's own words. Nothing is published."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test: `failures` is None for models."""

    unique_id: str
    status: str
    seconds: float
    failures: int | None
    message: str

    @property
    def is_good(self) -> bool:
        return self.status in ("success", "pass", "warn")


def marts() -> tuple[str, ...]:
    """The names of all marts, by the folder they stand in."""
    return tuple(sorted(path.stem for path in (DBT_PROJECT / "models" / "marts").glob("*.sql")))


def build(state: Path, is_full: bool = True) -> list[NodeResult]:
    """Build and test every model over the attempt in hand: from nothing, or, of the models built by record, the rows of
    raw.due_records. Unit tests belong to `make test`.

    A full build also takes away the marts that no model makes any more: the attempt starts as a copy.
    """
    attempt = state / "work" / "warehouse.duckdb"
    if is_full:
        with warehouse.connect(attempt) as con:
            con.execute("".join(f"DROP SCHEMA IF EXISTS {schema} CASCADE;" for schema in SCHEMAS))
    # without writing manifest and results as JSON, which nobody reads here: 0.4 s
    results = _invoke(state, ["build", "--no-write-json", "--exclude-resource-type", "unit_test"])
    with warehouse.connect(attempt) as con:
        # what they held is in the tables built from them
        con.execute("DROP TABLE intermediate.int_due_records; DROP TABLE intermediate.int_addenda")
    return results


def unit_tests(state: Path) -> list[NodeResult]:
    """Run dbt's unit tests: each calculation on rows written beside the model."""
    return _invoke(state, ["build", "--select", "test_type:unit"])


def parse(state: Path) -> Path:
    """Write the manifest and the parse into dbt_project/target, once at set-up; returns the manifest."""
    (state / "work").mkdir(parents=True, exist_ok=True)
    _invoke(state, ["parse"], target=PREPARED)
    return PREPARED / "manifest.json"


def _invoke(state: Path, words: list[str], target: Path | None = None) -> list[NodeResult]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project = str(DBT_PROJECT)
    target = target or _target(state)
    options = ["--project-dir", project, "--profiles-dir", project, "--target-path", str(target)]
    with contextlib.chdir(state):
        try:
            answer = dbtRunner().invoke(["--quiet", "--log-level-file", "none", *words, *options])
        finally:
            DuckDBConnectionManager.close_all_connections()
    if answer.exception:
        raise ModelsFailed(
            f"dbt {words[0]}: {answer.exception or type(answer.exception).__name__}"
        ) from answer.exception
    results = [_result(result) for result in getattr(answer.result, "results", ())]
    failed = [f"{result.unique_id}: {result.message}" for result in results if not result.is_good]
    if failed or not answer.success:
        raise ModelsFailed("\n".join(failed) or f"dbt {words[0]} failed")
    return results


def _result(result: object) -> NodeResult:
    node = result.node  # type: ignore[attr-defined]
    return NodeResult(node.unique_id, str(result.status), result.execution_time, result.failures, result.message or "")  # type: ignore[attr-defined]


def _target(state: Path) -> Path:
    """dbt's folder of this project: two projects over one checkout must not share it. It starts with the parse."""
    target = state / "dbt"
    prepared, own = PREPARED / PARSE, target / PARSE
    if prepared.exists() and (not own.exists() or own.stat().st_mtime < prepared.stat().st_mtime):
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared, own)
    return target
