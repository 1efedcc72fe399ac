"""Two deliveries of one invented organisation: with a fifth of hostile lines, and without those that are to be refused.

Here: writing both, and what must become of every hostile line. Not here: the families (hostile.py), the checking
(accounting.py). The second delivery holds the good records and the conflicts: both contents of a conflict are kept, so
they belong to what the first one must end with. A hostile line stands after the good line it is made of, so that of two
copies the good one is the first.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.hostile import FAMILIES, LARGE
from pipelines.simulate import simulate

LINES_AN_INCIDENT = 1_003_140 / 634_000  # revisions and other kinds of records beside incidents (2026-11-25)
GOOD_TO_ONE = 4  # a fifth of all lines is hostile
EACH_LARGE = 2
KEPT = "conflicted"


class Placed(NamedTuple):
    """One hostile line and what must become of it."""

    path: str
    line: int
    family: str
    outcome: str
    code: str | None


def written(lines: int, seed: int, scratch: Path) -> tuple[Path, Path, int, list[Placed]]:
    """About so many lines: the folders of both deliveries, the number of good lines, every hostile one."""
    made, dirty, clean = (scratch / name for name in ("made", "dirty", "clean"))
    good = lines * GOOD_TO_ONE / (GOOD_TO_ONE + 1)
    simulate(made, max(30, round(good / LINES_AN_INCIDENT)), seed, 156, False, True)
    for one in json.loads((made / "truth.json").read_text())["counts"]["bad_files"]:
        (made / "records" / one["path"]).unlink(missing_ok=True)  # the organisation's own spoilt lines, all in one file
    for folder in (dirty, clean):
        (folder / "records").mkdir(parents=True)
    dice, placed, count = random.Random(seed), [], 0
    for path in sorted((made / "records").glob("*.ndjson")):
        large = [name for name in LARGE for _ in range(EACH_LARGE)] if not count else []
        count += _mixed(path, dirty / "records" / path.name, clean / "records" / path.name, dice, large, placed)
    return dirty, clean, count, placed


def _mixed(source: Path, dirty: Path, clean: Path, dice: random.Random, large: list[str], placed: list[Placed]) -> int:
    """One file into both deliveries; `large` are the families that it must hold beside the usual ones."""
    number = count = due = 0
    with open(source, "rb") as lines, open(dirty, "wb") as all_of_it, open(clean, "wb") as kept:
        for ended in lines:
            line = ended.rstrip(b"\n")
            count, number, due = count + 1, number + 1, due + 1
            all_of_it.write(ended)
            kept.write(ended)
            while due >= GOOD_TO_ONE:
                name = large.pop() if large else dice.choice(list(FAMILIES))
                for outcome, one in _hostile(name, line):
                    number, due = number + 1, due - GOOD_TO_ONE
                    all_of_it.write(one + b"\n")
                    if outcome == KEPT:
                        kept.write(one + b"\n")
                    family = (FAMILIES | LARGE)[name]
                    placed.append(Placed(source.name, number, name, outcome, family.code))
    return count


def _hostile(name: str, line: bytes) -> Iterator[tuple[str, bytes]]:
    family = (FAMILIES | LARGE)[name]
    yield from ((family.outcome, one) for one in family.make(line))
