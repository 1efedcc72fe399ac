"""One line of the table: a figure to reach, what was found, and what the naive method finds on the same data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """`least` and `most` bound what may be found; None leaves that side open. `naive` is None where there is no such
    method. `of` says on how much the figure rests."""

    method: str
    what: str
    found: float
    of: str
    least: float | None = None
    most: float | None = None
    naive: float | None = None
    naive_is: str = ""

    @property
    def is_met(self) -> bool:
        above = self.least is None or self.found >= self.least
        return above and (self.most is None or self.found <= self.most)
