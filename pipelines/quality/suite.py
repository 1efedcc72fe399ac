"""What a run expects, as values.

Here: `Expectation` and `Suite`. Not here: how they are read (expectations.py) or judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.quality.drift import Drift
from pipelines.quality.rules import Catalogue
from pipelines.quality.thresholds import Override, Threshold

NEVER_NULL = "never_null"


@dataclass(frozen=True)
class Expectation:
    """One expectation. `id` is unique in a suite; `concern` is the Dagster check it is part of: a rule's concern, a
    share's, or the raw tables' frame. Only one with a `frame` is judged row by row, by `expect` with `arguments`."""

    id: str
    concern: str
    title: str
    reason: str
    threshold: Threshold
    fix: str = ""
    frame: str = ""
    expect: str = ""
    arguments: dict = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return self.threshold.severity


@dataclass(frozen=True)
class Suite:
    """All expectations of a run, what they look at, where a source is judged otherwise, how many runs are kept."""

    catalogue: Catalogue
    expectations: tuple[Expectation, ...]
    frames: dict[str, str]
    shares: dict[str, str]
    never_null: dict[str, list[str]]
    drift: Drift | None = None
    overrides: tuple[Override, ...] = ()
    runs: int = 1
