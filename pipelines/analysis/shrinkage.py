"""The gamma-Poisson shrinker (W. DuMouchel, 1999): how far counts stand above chance, drawn towards the rest.

A count n of expected E is Poisson with mean r·E, r from Gamma(a, b). Here: (a, b) by maximum likelihood, EBGM and EB05.
Not here: which combinations are counted (dbt), and which are reported (fault_lines.py).
"""

from __future__ import annotations

GRID, ROUNDS, WIDTH, NARROWING = 5, 10, 3.0, 0.5  # points each way, rounds, powers of e around the start (2026-11-25)
STEPS = 50  # expected counts are taken together within 2 %: a million sets cost 35 s else, and (a, b) do not move


def fit(n, expected, least: int) -> tuple[float, float]:
    """(a, b) that make the counts likeliest, given that only counts of `least` and more were kept.

    On a grid that narrows, because the surface is a ridge (many a/b fit alike) on which Newton's steps run away; ten
    rounds find both to three digits. n and expected: arrays, n >= least, expected > 0. Of fewer than two: (1, 1).
    """
    import numpy as np

    if len(n) < 2:
        return 1.0, 1.0
    level = np.round(np.log(np.maximum(expected, 1e-6)) * STEPS).astype(np.int64) + 2**20
    keys, times = np.unique(np.asarray(n, dtype=np.int64) * 2**22 + level, return_counts=True)
    counts, expected = (keys >> 22).astype(float), np.exp(((keys & (2**22 - 1)) - 2**20) / STEPS)
    centre, width = np.zeros(2), WIDTH
    for _ in range(ROUNDS):
        steps = np.linspace(-width, width, GRID)
        tried = [(centre[0] + i, centre[1] + j) for i in steps for j in steps]
        found = [float(np.dot(times, _log_likelihood(counts, expected, np.exp(x), np.exp(y), least))) for x, y in tried]
        centre, width = np.array(tried[int(np.argmax(found))]), width * NARROWING
    return float(np.exp(centre[0])), float(np.exp(centre[1]))


def _log_likelihood(n, expected, a: float, b: float, least: int):
    """Of the negative binomial that mixing gives, over those of at least `least`."""
    import numpy as np
    from scipy.special import betainc, betaln

    missed = expected / (b + expected)
    point = -np.log(n) - betaln(a, n) + a * np.log1p(-missed) + n * np.log(missed)
    kept = betainc(least, a, missed)  # P(N >= least)
    return point - np.log(np.maximum(kept, 1e-300))


def shrunk(n, expected, a: float, b: float):
    """(EBGM, EB05): the geometric mean of n/E drawn towards the rest, and the value it exceeds with 95 %."""
    import numpy as np
    from scipy.special import digamma, gammaincinv

    return np.exp(digamma(a + n) - np.log(b + expected)), gammaincinv(a + n, 0.05) / (b + expected)
