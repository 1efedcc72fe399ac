"""B. Baselines: few false alarms in quiet weeks, most alarms true, changes seen, intervals that cover the true rate.

300 series whose weekly rates are Gamma(2, ½) (one a week in the mean, one in ten below 0.27), Poisson or clustered
counts, 65 weeks of history; in the reports that are to find something, 20 of them rise by a factor for 13 weeks. The
naive method is the usual one: a week above the mean of the year before it plus two standard deviations.
"""

from __future__ import annotations

import numpy as np

from pipelines.analysis import baselines
from validation.bar import Bar

TUNED_ON = "101-105"
SERIES, HISTORY, CHANGED, WEEKS = 300, 65, 20, 13
NAIVE = "mean + 2 sd of 52 weeks"


def counts(random: np.random.Generator, ratio: float = 1.0, dispersion: float = 1.0) -> tuple:
    """Weekly counts (HISTORY quiet weeks, then WEEKS in which the first CHANGED series rise), and the rates."""
    rates = random.gamma(2, 0.5, SERIES)
    means = np.repeat(rates[:, None], HISTORY + WEEKS, axis=1)
    means[:CHANGED, HISTORY:] *= ratio
    if dispersion > 1:
        means = random.gamma(means / (dispersion - 1)) * (dispersion - 1)
    return random.poisson(means), rates


def alarms(found: np.ndarray, ends: range) -> np.ndarray:
    """Whether each series has an alarm in each report, over its three windows: a row for each end."""
    judged = baselines.judge(found, ends)
    is_alarm = np.zeros((len(ends), len(found)), dtype=bool)
    rows = judged["verdict"] == baselines.IS_LEFT
    is_alarm[judged["end"][rows] - ends[0], judged["series"][rows]] = True
    return is_alarm


def naive_alarms(found: np.ndarray, ends: range) -> np.ndarray:
    """The same by mean and standard deviation of the 52 weeks before."""
    is_alarm = np.zeros((len(ends), len(found)), dtype=bool)
    for place, end in enumerate(ends):
        before = found[:, end - 53 : end - 1]
        is_alarm[place] = found[:, end - 1] > before.mean(axis=1) + 2 * before.std(axis=1, ddof=1)
    return is_alarm


def quiet(seed: int, size: int, dispersion: float = 1.0) -> tuple[float, float, float]:
    """False alarms a report, ours and naive, and the share of intervals that cover the true rate."""
    random, ends = np.random.default_rng([seed, 1, int(10 * dispersion)]), range(HISTORY + 1, HISTORY + 2)
    ours = naive = covered = 0.0
    for _ in range(size):
        found, rates = counts(random, dispersion=dispersion)
        ours, naive = ours + alarms(found, ends).sum(), naive + naive_alarms(found, ends).sum()
        judged = baselines.judge(found, ends)
        rows = (judged["window_weeks"] == 1) & ~np.isnan(judged["rate"])
        true = rates[judged["series"][rows]]
        covered += ((judged["rate_low"][rows] <= true) & (true <= judged["rate_high"][rows])).mean()
    return ours / size, naive / size, covered / size


def change(seed: int, size: int, ratio: float) -> dict[str, tuple[float, float]]:
    """Ours and naive: share of false ones among alarms in 13 weekly reports, and of changes seen by week 4, 13."""
    ends, found = range(HISTORY + 1, HISTORY + WEEKS + 1), {}
    for name, method in (("ours", alarms), ("naive", naive_alarms)):
        draw, false, all_of, by = np.random.default_rng([seed, 2, int(ratio)]), 0, 0, np.zeros(WEEKS)
        for _ in range(size):
            is_alarm = method(counts(draw, ratio)[0], ends)
            false, all_of = false + is_alarm[:, CHANGED:].sum(), all_of + is_alarm.sum()
            by += np.logical_or.accumulate(is_alarm[:, :CHANGED]).mean(axis=1)
        found[name] = {"false": false / max(all_of, 1), "by 4": by[3] / size, "by 13": by[12] / size}
    return {what: (float(found["ours"][what]), float(found["naive"][what])) for what in found["ours"]}


def bars(seed: int, size: int) -> list[Bar]:
    """`size` reports of each sort."""
    quiets = f"{5 * size} reports of {SERIES} series"
    changes = f"{size} × {CHANGED} changed series, 13 weekly reports"
    alarm, naive, covered = quiet(seed, 5 * size)
    clustered, naive_clustered, _ = quiet(seed, 5 * size, dispersion=1.5)
    three, five = change(seed, size, 3), change(seed, size, 5)
    return [
        Bar("B", "false alarms a quiet report", alarm, quiets, most=0.15,
            naive=naive, naive_is=NAIVE),
        Bar("B", "the same, counts clustered (variance 1.5 × mean)", clustered, quiets, most=0.15,
            naive=naive_clustered, naive_is=NAIVE),
        Bar("B", "share of false ones among all alarms, rates × 3", three["false"][0], changes, most=0.10,
            naive=three["false"][1], naive_is=NAIVE),
        Bar("B", "rates × 3 seen by week 13", three["by 13"][0], changes, least=0.60,
            naive=three["by 13"][1], naive_is=NAIVE),
        Bar("B", "rates × 5 seen by week 4", five["by 4"][0], changes, least=0.65,
            naive=five["by 4"][1], naive_is=NAIVE),
        Bar("B", "rates × 5 seen by week 13", five["by 13"][0], changes, least=0.95,
            naive=five["by 13"][1], naive_is=NAIVE),
        Bar("B", "95 % intervals that hold the true rate", covered, f"{5 * size} × {SERIES} intervals",
            least=0.93, most=0.98),
    ]  # fmt: skip
