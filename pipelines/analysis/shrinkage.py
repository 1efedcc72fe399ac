"""The gamma-Poisson shrinker (W. DuMouchel, 1999): how far counts stand above chance, drawn towards the rest.

A count n of expected E is Poisson with mean r·E, r from Gamma(a, b). Here: (a, b) by maximum likelihood, EBGM and EB05.
Not here: which combinations are counted (dbt), and which are reported (fault_lines.py).
"""

from __future__ import annotations

GRID, ROUNDS, WIDTH = 9, 6, 3.0  # points each way, narrowings, and powers of e around the start (2026-11-25)


def fit(n, expected, least: int) -> tuple[float, float]:
    """(a, b) that make the counts likeliest, given that only counts of `least` and more were kept.

    On a grid that narrows, because the surface is a ridge (many a/b fit alike) on which Newton's steps run away; six
    rounds find both to four digits. n and expected: arrays, n >= least, expected > 0. Of fewer than two: (1, 1).
    """
    import numpy as np

    if len(n) < 2:
        return 1.0, 1.0
    pairs, times = np.unique(np.column_stack([n, np.round(expected, 4)]), axis=0, return_counts=True)
    counts, expected = pairs[:, 0], np.maximum(pairs[:, 1], 1e-6)
    centre, width = np.zeros(2), WIDTH
    for _ in range(ROUNDS):
        steps = np.linspace(-width, width, GRID)
        tried = [(centre[0] + i, centre[1] + j) for i in steps for j in steps]
        found = [float(np.dot(times, _log_likelihood(counts, expected, np.exp(x), np.exp(y), least))) for x, y in tried]
        centre, width = np.array(tried[int(np.argmax(found))]), width * 0.4
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
