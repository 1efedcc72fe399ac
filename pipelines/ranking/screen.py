"""A ranking for a terminal: the matrix, the order, what would flip it, what does not count, controls.

Here: words and tables. Scores are shown as they are, never as a percentage: nothing says yet how often they are right
(queries/calibration.sql does, once enough outcomes are verified). Not here: reading (read.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.others_words import for_terminal
from pipelines.ranking.read import Ranking
from pipelines.report.print_forms import plain, words
from pipelines.terminal import rows_as_table

NONE_OF_THESE = "none of these"


def as_text(ranking: Ranking) -> str:
    """The whole answer, its parts a blank line apart."""
    record = ranking.record
    parts = [
        f"{_line(record['record_id'])}: {_line(record['title'])} ({record['stage']})",
        "What each symptom says of each hypothesis\n" + _matrix(ranking),
        "Hypotheses in the order of their scores\n" + _order(ranking),
        "Scores order the hypotheses of this record and of no other; they are not probabilities.",
        "\n".join(_flips(ranking)),
        "\n".join(_without_evidence(ranking)),
        _controls(ranking),
        f"method: {ranking.method}, see marts.hypothesis_scores in docs/warehouse.md",
    ]
    return "\n\n".join(part for part in parts if part)


def _matrix(ranking: Ranking) -> str:
    written = sorted((one for one in ranking.hypotheses if one["position"]), key=lambda one: one["position"])
    names = [one["hypothesis_id"] for one in written]
    symptoms = {one["symptom_id"]: one["symptom"] for one in ranking.matrix}
    rows = [
        (_named(symptom, text), *(_cells(ranking, symptom, name) for name in names))
        for symptom, text in symptoms.items()
    ]
    return rows_as_table(["symptom", *(_line(name) or "?" for name in names)], rows)


def _cells(ranking: Ranking, symptom: str | None, hypothesis: str | None) -> str | None:
    """Every cell of the pair; None where it was not judged, which is not the same as neutral."""
    found = [
        _cell(one)
        for one in ranking.matrix
        if (one["symptom_id"], one["hypothesis_id"]) == (symptom, hypothesis) and hypothesis is not None
    ]
    return "; ".join(found) or None


def _cell(cell: dict) -> str:
    said = words(cell["consistency"] or "not stated")
    trusted = "" if cell["credibility"] is None else f" × {cell['credibility']:g}"
    return f"{said}{trusted} ({', '.join(map(_line, cell['evidence'] or ())) or 'no evidence'})"


def _order(ranking: Ranking) -> str:
    columns = ["place", "hypothesis", "state", "rests on it", "prior", "ln prior", "evidence", "score", "sources"]
    rows = [
        (
            one["place"], _name(one), one["state"], "a root cause" if one["is_root_cause"] else "", one["prior"],
            f"{one['log_prior']:.2f}", f"{one['evidence_score']:+.2f}", f"{one['score']:.2f}",
            ", ".join(map(_line, one["sources"] or ())),
        )
        for one in ranking.hypotheses
    ]  # fmt: skip
    return rows_as_table(columns, rows)


def _name(one: dict) -> str:
    return _named(one["hypothesis_id"], one["statement"]) if one["position"] else NONE_OF_THESE


def _named(name: str | None, text: str | None) -> str:
    return f"{_line(name) or '?'} {_line(text)}".rstrip()


def _line(text: str | None) -> str:
    """Somebody's words as one line, so that none looks like a line of ours."""
    return for_terminal(plain(text))


def _flips(ranking: Ranking) -> Iterator[str]:
    yield "What would flip the order"
    for flip in ranking.flips:
        first = " and ".join(_line(one) or NONE_OF_THESE for one in flip["first"])
        yield f"  without {_line(flip['without'])}: {first} first"
    rest = "no other source" if ranking.flips else "no source"
    yield f"  {rest}, left out alone, changes who is first"


def _without_evidence(ranking: Ranking) -> Iterator[str]:
    idle = [one for one in ranking.matrix if not one["n_sources"]]
    if idle:
        yield "Cells that name no evidence the record holds, and do not count"
    for cell in idle:
        said = words(cell["consistency"] or "not stated")
        yield f"  {_line(cell['symptom_id']) or '?'} and {_line(cell['hypothesis_id']) or '?'}: {said}"


def _controls(ranking: Ranking) -> str:
    if not ranking.controls:
        return ""
    rows = [
        (_line(one["control"]), one["existed"], one["would_have"], one["cause_id"], _line(one["needs"]) or None)
        for one in ranking.controls
    ]
    return "Controls\n" + rows_as_table(["control", "existed", "would have", "acts on", "needs"], rows)
