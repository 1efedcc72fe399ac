"""B. Late filing: ranges of the newest weeks that hold what is filed in the end, where the weeks as they stand mislead.

Three categories of four, two and half an incident a week for 130 weeks, filed late by days that are a mixture of soon
(exponential, 5 days) and late (exponential, 30 days). Nothing changes, so that every fall is late filing.
"""

from __future__ import annotations

import numpy as np

from pipelines.analysis import nowcast
from validation.bar import Bar

TUNED_ON = "101-105"
RATES, WEEKS = (4.0, 2.0, 0.5), 130
NEWEST = 4  # full weeks looked at in each report


def filed(random: np.random.Generator, surge: float = 1.0) -> np.ndarray:
    """Incidents by category, week and days from the week's Monday until they were filed; the last week surges."""
    counts = np.zeros((len(RATES), WEEKS, nowcast.HORIZON + 1), dtype=np.int64)
    for category, rate in enumerate(RATES):
        for week in range(WEEKS):
            n = random.poisson(rate * (surge if week == WEEKS - 1 else 1))
            late = random.random(n) < 0.4
            days = random.integers(0, 7, n) + random.exponential(np.where(late, 30, 5)).astype(int)
            np.add.at(counts[category, week], days[days <= nowcast.HORIZON], 1)
    return counts


def reports(seed: int, size: int, surge: float = 1.0, newest: int = NEWEST) -> tuple[float, float, int]:
    """Share of ranges that hold the final count, share of such weeks that read lower than they end, and how many."""
    random, held, lower, of = np.random.default_rng([seed, int(surge)]), 0, 0, 0
    ages = 7 * np.arange(WEEKS, 0, -1)
    for _ in range(size):
        counts = filed(random, surge)
        whole = counts.sum(axis=2)
        for row in nowcast.nowcast(counts, ages):
            if row["week"] >= WEEKS - newest:
                final = whole[row["category"], row["week"]]
                held, of = held + (row["low"] <= final <= row["high"]), of + 1
                lower += row["filed"] < final
    return held / of, lower / of, of


def bars(seed: int, size: int) -> list[Bar]:
    """`size` organisations."""
    held, lower, of = reports(seed, size)
    surge, surge_lower, of_surge = reports(seed, size, surge=3.0, newest=1)
    naive = "weeks as they stand that are final"
    return [
        Bar("B", "80 % ranges of the four newest weeks that hold the final count", held, f"{of} ranges", least=0.80,
            naive=1 - lower, naive_is=naive),
        Bar("B", "the same of a newest week with three times the usual", surge, f"{of_surge} ranges", least=0.60,
            naive=1 - surge_lower, naive_is=naive),
    ]  # fmt: skip
