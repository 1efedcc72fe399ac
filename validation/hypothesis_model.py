"""The product's model hypothesis_scores over records made in memory: dbt's compiled SQL in a DuckDB without a file.

Here: what the model reads of a record, and running it. Not here: which records (hypotheses.py, tests), any arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.contract import bundle
from pipelines.ingest import load
from pipelines.warehouse import insert
from validation import models


@dataclass(frozen=True)
class Cell:
    """One cell of a matrix: the hypothesis it is about, its word, the ids of its evidence, its credibility."""

    hypothesis: str
    consistency: str | None
    evidence: tuple[str, ...] = ()
    credibility: float | None = None


@dataclass
class Written:
    """A record as far as its hypotheses go: id -> prior (None: not stated), evidence id -> source group, the cells."""

    hypotheses: dict[str, float | None]
    evidence: dict[str, str | None] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)


def scores(records: list[Written], names: list[str], threads: int = 2) -> list[dict]:
    """The model's rows of these records, in the order of record and position."""
    with models.warehouse(threads) as con:
        load.prepare(con, bundle.load())
        con.execute("CREATE TABLE intermediate.int_due_records (record_id VARCHAR, revision_id VARCHAR)")
        for table, (columns, rows) in _tables(dict(zip(names, records, strict=True))).items():
            insert(con, table, {"record_id": "VARCHAR", "revision_id": "VARCHAR"} | columns, rows)
        model = models.models()["hypothesis_scores"]["sql"]
        answer = con.execute(f"SELECT * FROM ({model}) ORDER BY record_id, position")
        columns = [column[0] for column in answer.description]
        return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def _tables(records: dict[str, Written]) -> dict[str, tuple[dict[str, str], list[dict]]]:
    """Table -> its columns beside the keys, and its rows."""
    keys = {name: {"record_id": name, "revision_id": f"{name} as written"} for name in records}
    hypotheses = [
        keys[name] | {"position": position, "id": one, "prior": prior}
        for name, record in records.items()
        for position, (one, prior) in enumerate(record.hypotheses.items(), 1)
    ]
    evidence = [
        keys[name] | {"position": position, "id": one, "source_group": group}
        for name, record in records.items()
        for position, (one, group) in enumerate(record.evidence.items(), 1)
    ]
    cells = [
        keys[name]
        | {
            "position": position, "hypothesis": cell.hypothesis, "consistency": cell.consistency,
            "evidence": cell.evidence, "credibility": cell.credibility,
        }
        for name, record in records.items()
        for position, cell in enumerate(record.cells, 1)
    ]  # fmt: skip
    place = {"position": "INTEGER", "id": "VARCHAR"}
    return {
        "intermediate.int_due_records": ({}, list(keys.values())),
        "raw.analysis_hypotheses": (place | {"prior": "DOUBLE"}, hypotheses),
        "raw.evidence": (place | {"source_group": "VARCHAR"}, evidence),
        "raw.analysis_matrix": (
            {"position": "INTEGER", "hypothesis": "VARCHAR", "consistency": "VARCHAR", "evidence": "VARCHAR[]"}
            | {"credibility": "DOUBLE"},
            cells,
        ),
    }
