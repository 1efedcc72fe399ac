"""marts.hypothesis_scores against the method of E computed again in fractions, and against itself in another order.

Here: the model as dbt compiled it, over drawn records. Not here: single steps (unit tests beside the models), the
ranking of one record as people see it (test_ranking.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from math import log
from random import Random

import pytest
import yaml

from pipelines.settings import SCHEMAS
from validation import hypothesis_model
from validation.hypothesis_model import Cell, Written

POWERS = {"strongly_for": 2, "for": 1, "neutral": 0, "against": -1, "strongly_against": -2}
TIE = 5e-10
EDGES = {
    "nothing": Written({}),
    "no matrix": Written({"H1": 0.5, "H2": None}),
    "no source": Written({"H1": None}, {"E1": None}, [Cell("H1", "for"), Cell("H1", "against", ("E9",))]),
    "one source": Written({"H1": None, "H2": None}, {"E1": "store"}, [Cell("H1", "for", ("E1",))]),
    "all neutral": Written({"H1": None, "H2": None}, {"E1": None}, [Cell(h, "neutral", ("E1",)) for h in ("H1", "H2")]),
    "certain": Written({"H1": 1.0, "H2": 0.0}, {"E1": None}, [Cell("H2", "strongly_for", ("E1",))]),
    "over": Written({"H1": 0.9, "H2": 0.8, "H3": None}, {"E1": None}, [Cell("H3", "for", ("E1",), 0.0)]),
    "prior of .6 against .2 and a word": Written({"H1": 0.6, "H2": 0.2}, {"E1": None}, [Cell("H2", "for", ("E1",))]),
    "nobody's": Written({"H1": None}, {"E1": None}, [Cell("H9", "strongly_for", ("E1",))]),
}


def drawn(random: Random) -> Written:
    priors = [None, None, 0.0, 0.001, 0.05, 0.2, 0.25, 0.3, 0.6, 1.0]
    names = [f"H{number}" for number in range(1, random.randint(1, 5) + 1)]
    evidence = {f"E{n}": random.choice([None, "store", "log", "drill"]) for n in range(random.randint(0, 6))}
    cells = [
        Cell(
            random.choice(names), random.choice(list(POWERS)),
            tuple(random.sample([*evidence, "E99"], random.randint(0, min(3, len(evidence) + 1)))),
            random.choice([None, 1.0, 0.0, 0.5, round(random.random(), 2)]),
        )
        for _ in range(random.randint(0, 12))
    ]  # fmt: skip
    return Written({name: random.choice(priors) for name in names}, evidence, cells)


RANDOM = Random(6)
RECORDS = EDGES | {f"R{number:04}": drawn(RANDOM) for number in range(1200)}


def speaks(record: Written, but: str = "") -> dict[str, dict[str, list[Fraction]]]:
    """hypothesis -> source -> what its cells say, in ln 3; without one source."""
    found: dict[str, dict[str, list[Fraction]]] = {name: defaultdict(list) for name in record.hypotheses}
    for cell in (cell for cell in record.cells if cell.consistency):
        trusted = Fraction(str(1.0 if cell.credibility is None else cell.credibility))
        for source in {record.evidence[one] or one for one in cell.evidence if one in record.evidence} - {but}:
            if cell.hypothesis in found:
                found[cell.hypothesis][source].append(POWERS[cell.consistency] * trusted)
    return found


def priors(record: Written) -> dict[str | None, Fraction]:
    stated = {k: max(Fraction(str(p)), Fraction(1, 1000)) for k, p in record.hypotheses.items() if p is not None}
    others = [name for name in record.hypotheses if name not in stated] + [None]
    share = max((1 - sum(stated.values())) / len(others), Fraction(5, 100))
    whole = stated | dict.fromkeys(others, share)
    return {name: prior / sum(whole.values()) for name, prior in whole.items()}


def computed(record: Written, but: str = "") -> dict[str | None, tuple[float, float]]:
    """hypothesis (None: none of these) -> ln of the prior, and what the evidence adds."""
    evidence = {
        name: sum((sum(cells) / len(cells) for cells in sources.values()), Fraction(0))
        for name, sources in speaks(record, but).items()
    }
    return {name: (log(prior), float(evidence.get(name, 0)) * log(3)) for name, prior in priors(record).items()}


def firsts(record: Written, but: str = "") -> set[str | None]:
    scores = {name: sum(parts) for name, parts in computed(record, but).items()}
    return {name for name, score in scores.items() if score > max(scores.values()) - TIE}


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    by_record: dict[str, list[dict]] = {name: [] for name in RECORDS}
    for row in hypothesis_model.scores(list(RECORDS.values()), list(RECORDS)):
        by_record[row["record_id"]].append(row)
    return by_record


def test_scores_are_those_of_the_formula_in_fractions(found):
    assert found["nothing"] == []
    for name, record in RECORDS.items():
        wanted = computed(record) if record.hypotheses else {}
        assert [row["hypothesis_id"] for row in found[name]] == ([None, *record.hypotheses] if wanted else [])
        for row in found[name]:
            log_prior, evidence = wanted[row["hypothesis_id"]]
            # not pytest.approx, which took 6 s over all of them
            assert abs(row["log_prior"] - log_prior) <= 1e-9, name
            assert abs(row["evidence_score"] - evidence) <= 1e-9, name
            assert abs(row["score"] - (log_prior + evidence)) <= 1e-9, name


def test_places_are_those_of_the_scores_ties_share_one_and_without_a_source_there_is_none(found):
    shared = 0
    for name, record in RECORDS.items():
        scores = {one: sum(parts) for one, parts in computed(record).items()} if record.hypotheses else {}
        spoken = any(sources for sources in speaks(record).values())
        for row in found[name]:
            place = 1 + sum(other > scores[row["hypothesis_id"]] + TIE for other in scores.values())
            assert row["place"] == (place if spoken else None), name
        places = [row["place"] for row in found[name]]
        shared += len(set(places)) < len(places) and spoken
    assert shared > 50
    assert [row["place"] for row in found["prior of .6 against .2 and a word"]] == [3, 1, 1]


def test_what_would_flip_the_first_place_is_what_leaving_each_source_out_shows(found):
    flipped = 0
    for name, record in RECORDS.items():
        sources = {source for of in speaks(record).values() for source in of}
        for row in found[name]:
            one = row["hypothesis_id"]
            wanted = [s for s in sorted(sources) if (one in firsts(record)) != (one in firsts(record, s))]
            assert row["flipped_by"] == wanted, (name, one)
            flipped += bool(wanted)
    assert flipped > 300


def test_sources_and_cells_without_one_are_counted(found):
    for name, record in RECORDS.items():
        spoken = speaks(record)
        for row in found[name]:
            assert row["n_sources"] == len(spoken.get(row["hypothesis_id"], ()))
            idle = [
                cell for cell in record.cells
                if cell.hypothesis == row["hypothesis_id"] and not set(cell.evidence) & record.evidence.keys()
            ]  # fmt: skip
            assert row["n_cells_without_source"] == len(idle)


def test_rows_are_the_same_with_one_thread_and_in_whatever_order_the_input_stands(found):
    rows = [row for name in sorted(found) for row in found[name]]
    names = list(RECORDS)
    assert hypothesis_model.scores([RECORDS[name] for name in names], names, threads=1) == rows
    Random(3).shuffle(names)
    turned = [replace(RECORDS[name], cells=RECORDS[name].cells[::-1]) for name in names]
    assert hypothesis_model.scores(turned, names) == rows


def test_writing_down_the_same_evidence_again_changes_no_score(found):
    """Every piece three times over, and every cell once more on each copy."""
    copied = []
    for record in RECORDS.values():
        groups = {one: group or one for one, group in record.evidence.items()}
        evidence = groups | {f"{one} copy {n}": group for one, group in groups.items() for n in (1, 2)}
        copies = [
            replace(cell, evidence=tuple(f"{one} copy {n}" for one in cell.evidence))
            for cell in record.cells
            for n in (1, 2)
        ]
        copied.append(Written(record.hypotheses, evidence, [*record.cells, *copies]))
    names = ("record_id", "position", "score", "place", "flipped_by")
    again = [{name: row[name] for name in names} for row in hypothesis_model.scores(copied, list(RECORDS))]
    assert again == [{name: row[name] for name in names} for name in sorted(found) for row in found[name]]  # fmt: skip


def test_the_words_of_the_matrix_are_whole_powers_of_three_within_which_the_scores_are_clipped():
    words = yaml.safe_load((SCHEMAS / "vocabularies.yml").read_text())["consistencies"]
    assert {word: 3.0**power for word, power in POWERS.items()} == {
        word: pytest.approx(about["ratio"], abs=1e-12) for word, about in words.items()
    }
