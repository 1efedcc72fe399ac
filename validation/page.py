"""docs/validation.md: the table of bars as a page, and as text for the terminal.

Here: wording and layout. Not here: any figure.
"""

from __future__ import annotations

from collections.abc import Iterable

from validation.bar import Bar

HEAD = """# How well the methods do

`make validate` writes this page: every figure the methods must reach, measured on data whose truth is known, with the
naive method on the same data beside it. Seed {seed}; nothing was tuned on it (tuned on: {tuned}). A test makes a small
form of the same table and holds it to the same bars.

| method | figure | bar | found | naive | naive is | on | met |
|---|---|---:|---:|---:|---|---|---|
"""
NOTES = """
## How to read it

- A fault lines, B baselines, C prevention, E hypotheses: `pipelines/analysis`, with the formulas in each module,
  and for E the models `hypothesis_scores` and those below it.
- Two figures stand beside their bars with less room than the others, because they cost something to reach: a fix is
  called *reduced* only at .98 (at .95 five in a hundred fixes that did nothing were), which makes a verdict after 3
  incidents in 26 weeks wait for 33 quiet weeks and not 21; and the spread of weekly counts is learnt from all series
  of a kind, so that one clustered series among calm ones is taken for calmer than it is.
- What is found of planted things says nothing of real ones that look different: `docs/real-data.md` reads real records.
"""


def page(bars: Iterable[Bar], seed: int, tuned: str) -> str:
    """The whole file."""
    return HEAD.format(seed=seed, tuned=tuned) + "".join(f"| {' | '.join(_cells(bar))} |\n" for bar in bars) + NOTES


def _cells(bar: Bar) -> tuple[str, ...]:
    naive = "" if bar.naive is None else number(bar.naive)
    return (
        bar.method,
        bar.what,
        limits(bar),
        number(bar.found),
        naive,
        bar.naive_is,
        bar.of,
        "yes" if bar.is_met else "**no**",
    )


def limits(bar: Bar) -> str:
    """The bar in words: ≥, ≤, a range, or none where a figure stands for itself."""
    if bar.least is not None and bar.most is not None:
        return f"{number(bar.least)}–{number(bar.most)}"
    if bar.least is not None:
        return f"≥ {number(bar.least)}"
    return "none" if bar.most is None else f"≤ {number(bar.most)}"


def number(value: float) -> str:
    """Three digits behind the point, fewer where they are noughts."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
