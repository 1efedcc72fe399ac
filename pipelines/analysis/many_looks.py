"""What many looks at the same data cost: q-values after Benjamini and Hochberg (1995).

Here: the correction. Not here: what is looked at, and which q is small enough (each method says so).
"""

from __future__ import annotations


def q_values(p, looks: int | None = None):
    """q of each p: the smallest false-discovery rate at which it would be reported, an array of the same order.

    `looks` is how often the data was looked at, where `p` holds only some of the looks; those left out are taken to
    rank behind, which can only make q larger. More p-values than looks is a ValueError.
    """
    import numpy as np

    p = np.asarray(p, dtype=float)
    looks = len(p) if looks is None else looks
    if looks < len(p):
        raise ValueError(f"{len(p)} p-values of {looks} looks")
    order = np.argsort(p, kind="stable")
    scaled = p[order] * looks / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found
