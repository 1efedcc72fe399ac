"""What is planted, as values: the plan of a whole organisation and what it decides of one record.

Here: shapes and the way from an incident's number to its week. Not here: the draw (plan.py).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.simulate import weeks
from pipelines.simulate.words_effects import CATEGORIES

MOST_SHARE, MOST_RECORDS = 0.3, 1500  # of records with files of evidence


class Line(NamedTuple):
    """One planted combination and the numbers of its incidents."""

    code: str
    artifact: str
    factor: str
    category: int
    numbers: list[int]


class Fix(NamedTuple):
    """One planted fix: `week` is the week on whose Monday it was implemented."""

    verdict: str
    service: int
    code: str
    week: int
    record: int
    before: list[int]
    after: list[int]


class Planted(NamedTuple):
    """What the plan decides of one record; None is left to the record's own draw."""

    code: str | None = None
    artifact: str | None = None
    factor: str | None = None
    service: int | None = None
    fix: str | None = None  # the verdict of the fix this record's first action is
    implemented: int | None = None
    has_signal: bool = False
    related: tuple[str, int] | None = None  # relation, and the number of the earlier incident
    is_plain: bool = False  # no action done: a second fix in the same scope would blur the first one's verdict


@dataclass
class Plan:
    """Everything decided before the first record is made."""

    seed: int
    incidents: int
    weeks: int
    is_null: bool
    others: dict[str, int]
    ends: list[int]  # for each (week, category) the number of the first incident behind it
    planted: dict[int, Planted] = field(default_factory=dict)
    changed: int | None = None  # the category whose rate rises in the last weeks
    lines: list[Line] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    drift: tuple[str, int] | None = None  # team and week
    triples: set[tuple[str, str, str]] = field(default_factory=set)
    scopes: set[tuple[int, str]] = field(default_factory=set)

    def place(self, number: int) -> tuple[int, int]:
        """Week and category of an incident."""
        return divmod(bisect_right(self.ends, number), len(CATEGORIES))

    def numbers(self, week: int, category: int) -> range:
        """The incidents of one week and category."""
        cell = week * len(CATEGORIES) + category
        return range(self.ends[cell - 1] if cell else 0, self.ends[cell])

    @property
    def evidence_share(self) -> float:
        """The share of records with files: three in ten, and not more than about 1,500 records in all."""
        return min(MOST_SHARE, MOST_RECORDS / self.incidents)

    def incident_id(self, number: int) -> str:
        """The id of an incident, known without making it: the year is that of its week's Monday."""
        return f"INC-{weeks.on(weeks.monday(self.place(number)[0], self.weeks))[:4]}-{number + 1:05d}"

    def related(self, planted: Planted) -> list[dict]:
        """The links the plan lays between records."""
        return [{"id": self.incident_id(planted.related[1]), "relation": planted.related[0]}] if planted.related else []

    def week_numbers(self, week: int) -> range:
        """The incidents of one week."""
        return range(self.numbers(week, 0).start, self.numbers(week, len(CATEGORIES) - 1).stop)
