"""E: does the right hypothesis come first where evidence repeats itself?

Records are drawn whose true hypothesis is known. A source looks once at each hypothesis, and errs; its pieces of
evidence all repeat that look, each with an error of its own, and some sources are written down eight times. Nobody
states a prior or a credibility, and the counting is given the same cells: all there is to gain is from how strong the
words are and from copies not being added. Only 101 to 105 were looked at while this was written; 1 to 5 were not.
"""

from __future__ import annotations

from collections import defaultdict
from random import Random

from validation.bar import Bar
from validation.hypothesis_model import Cell, Written, scores

TUNED_ON = "101-105"
HYPOTHESES = 4
SOURCES = (3, 4, 5)
COPIES = (1, 1, 1, 2, 4, 8)  # pieces of one source, one of these each
SEEN = 0.5  # by how much, in standard deviations of a source's error, the true one looks better and the others worse
OWN_ERROR = 0.5  # of a piece, in the same unit: copies are alike and not equal
WORDS = ((1.5, "strongly_for"), (0.5, "for"), (-0.5, "neutral"), (-1.5, "against"))  # from this reading on
COUNTS = {"strongly_for": 1, "for": 1, "neutral": 0, "against": -1, "strongly_against": -1}


def bars(seed: int, size: int) -> list[Bar]:
    """Top-1 shares over `size` drawn records: the product's, beside counting cells for minus cells against."""
    random = Random(seed)
    drawn = {f"R{number:06}": draw(random) for number in range(size)}
    first = firsts(scores([record for record, _ in drawn.values()], list(drawn)))
    right = sum(_share(first[name], truth) for name, (_, truth) in drawn.items()) / size
    counted = sum(_share(by_count(record), truth) for record, truth in drawn.values()) / size
    of = f"{size} records, seed {seed}"
    naive = "cells for minus cells against"
    return [
        Bar("E", "top-1 above plain counting, duplicated evidence", right - counted, of, least=0.05),
        Bar("E", "top-1 of the scores, duplicated evidence", right, of, naive=counted, naive_is=naive),
    ]


def draw(random: Random) -> tuple[Written, str]:
    """A record and the id of its true hypothesis."""
    names = [f"H{number}" for number in range(1, HYPOTHESES + 1)]
    truth = names[int(random.random() * HYPOTHESES)]
    record = Written(dict.fromkeys(names))
    for source in range(SOURCES[int(random.random() * len(SOURCES))]):
        looks = {name: random.gauss(SEEN if name == truth else -SEEN, 1) for name in names}
        for copy in range(COPIES[int(random.random() * len(COPIES))]):
            piece = f"E{source}-{copy}"
            record.evidence[piece] = f"source {source}"
            record.cells += [
                Cell(name, word(look + random.gauss(0, OWN_ERROR)), (piece,)) for name, look in looks.items()
            ]
    return record, truth


def word(reading: float) -> str:
    return next((word for least, word in WORDS if reading >= least), "strongly_against")


def by_count(record: Written) -> list[str]:
    """Those with the largest number of cells for minus cells against."""
    counts = dict.fromkeys(record.hypotheses, 0)
    for cell in record.cells:
        counts[cell.hypothesis] += COUNTS[cell.consistency]
    return [name for name, count in counts.items() if count == max(counts.values())]


def firsts(rows: list[dict]) -> dict[str, list[str]]:
    """record -> its hypotheses with the best score, "none of these" apart: counting cannot choose it either."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        if row["position"]:
            found[row["record_id"]][row["hypothesis_id"]] = row["score"]
    return {record: [name for name, score in of.items() if score == max(of.values())] for record, of in found.items()}


def _share(first: list[str], truth: str) -> float:
    """1 where the truth alone is first; where several tie, what drawing one of them would give."""
    return (truth in first) / len(first)
