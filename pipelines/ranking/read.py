"""One record's matrix, hypotheses by score, what would flip their order, and controls, out of the marts.

Here: queries and the two ways in which there is no answer. Not here: words for people (screen.py), any arithmetic.
"""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipelines.publish.generations import NothingPublished
from pipelines.shell import SEALED
from pipelines.warehouse import connect, literal

RECORD = "SELECT record_id, title, stage FROM marts.incidents WHERE record_id = {id}"
HYPOTHESES = """
SELECT scores.position, scores.hypothesis_id, hypotheses.statement, hypotheses.state, hypotheses.prior, log_prior,
    evidence_score, score, place, n_sources, sources, n_cells_without_source, flipped_by,
    coalesce(hypotheses.is_root_cause, false) AS is_root_cause, method
FROM marts.hypothesis_scores AS scores
LEFT JOIN marts.hypotheses AS hypotheses USING (record_id, position)
LEFT JOIN (
    SELECT hypothesis_id, list_sort(list(DISTINCT independent_source)) AS sources
    FROM (SELECT hypothesis_id, unnest(evidence) AS evidence_id FROM marts.matrix WHERE record_id = {id})
    JOIN marts.evidence USING (evidence_id)
    WHERE record_id = {id}
    GROUP BY hypothesis_id
) AS spoken ON scores.hypothesis_id = spoken.hypothesis_id
WHERE scores.record_id = {id}
ORDER BY score DESC, scores.position = 0, scores.position
"""
MATRIX = """
SELECT position, symptom_id, symptom, hypothesis_id, consistency, credibility, evidence, n_sources
FROM marts.matrix WHERE record_id = {id} ORDER BY position
"""
CONTROLS = """
SELECT counterfactual_id, control, existed, would_have, cause_id, needs
FROM marts.counterfactuals WHERE record_id = {id} ORDER BY position
"""
# a million ids are compared inside the warehouse; what is nearest then is told by the measure other near misses have
NEAREST = "SELECT record_id FROM marts.incidents ORDER BY levenshtein(record_id, {id}), record_id LIMIT 20"


class UnknownRecord(Exception):
    """The warehouse knows no record of this id; the message names those with a similar one. Exit code 2."""


class TooLittle(Exception):
    """A number was asked for, and the data is too little to give one; the message says what is lacking. Exit code 4."""


@dataclass(frozen=True)
class Ranking:
    """The rows of the marts about one record: `hypotheses` in the order of their places, "none of these" (position 0)
    among them; `flips` has, for each source that changes it, the ids that would be first without it (None: none of
    these)."""

    record: dict
    hypotheses: list[dict]
    matrix: list[dict]
    flips: list[dict]
    controls: list[dict]
    method: str

    def as_dict(self) -> dict:
        return asdict(self)


def read(path: Path, record_id: str) -> Ranking:
    """The ranking of one record in a warehouse file; UnknownRecord, TooLittle, NothingPublished."""
    with connect(path, read_only=True) as con:
        con.execute(SEALED)
        try:
            found = _rows(con, RECORD, record_id)
            if not found:
                raise UnknownRecord(f"no record {record_id}; {_near(con, record_id)}")
            hypotheses = _rows(con, HYPOTHESES, record_id)
            matrix, controls = _rows(con, MATRIX, record_id), _rows(con, CONTROLS, record_id)
        except duckdb.CatalogException as error:
            raise NothingPublished(
                "what is published was made before hypotheses were ranked; `faultlines run` makes it anew"
            ) from error
    if not hypotheses or hypotheses[0]["place"] is None:
        raise TooLittle(f"{record_id}: too little data to rank its hypotheses; {_lacks(hypotheses, matrix)}")
    methods = {one.pop("method") for one in hypotheses}
    return Ranking(found[0], hypotheses, matrix, flips(hypotheses), controls, methods.pop())


def flips(hypotheses: list[dict]) -> list[dict]:
    """source -> who would be first without it, from `place` and `flipped_by` of each hypothesis."""
    sources = sorted({source for one in hypotheses for source in one["flipped_by"]})
    return [{"without": source, "first": _first_without(source, hypotheses)} for source in sources]


def _first_without(source: str, hypotheses: list[dict]) -> list[str | None]:
    """Those that are first and stay so, and those that come to it."""
    return [one["hypothesis_id"] for one in hypotheses if (one["place"] == 1) != (source in one["flipped_by"])]


def _rows(con: duckdb.DuckDBPyConnection, query: str, record_id: str) -> list[dict]:
    answer = con.execute(query.format(id=literal(record_id)))
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _near(con: duckdb.DuckDBPyConnection, record_id: str) -> str:
    ids = [row["record_id"] for row in _rows(con, NEAREST, record_id)]
    near = difflib.get_close_matches(record_id, ids, cutoff=0.6)
    return f"did you mean {' or '.join(near)}?" if near else "`faultlines sql` shows ids in marts.incidents"


def _lacks(hypotheses: list[dict], matrix: list[dict]) -> str:
    if not hypotheses:
        return "it holds no hypothesis"
    if not matrix:
        return "it holds no matrix of symptoms and hypotheses"
    return "no cell of its matrix about one of its hypotheses names evidence that the record holds"
