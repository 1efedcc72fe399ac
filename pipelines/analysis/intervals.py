"""Intervals in closed form, as functions inside the warehouse: the gate, ready questions and any other SQL call them.

Here: arithmetic on whole counts, by E. B. Wilson (1927). Not here: tails and quantiles, which SQL does not compute
(baselines.py). An exact interval is wider where counts are below five or so; each function takes its own width z.
"""

from __future__ import annotations

# Twelve digits: what is 0 or 1 but for the last bit would else make an infinite ratio a huge one.
SHARE = "round((k + z * z / 2 {sign} z * sqrt(k * (n - k) / greatest(n, 1) + z * z / 4)) / (n + z * z), 12) + 0.0"
# A ratio of two rates is the odds of a share: of all k1 + k0 cases, those that fell into the first exposure.
RATIO = "{end} / nullif(1 - {end}, 0) * e0 / nullif(e1, 0)"


def functions() -> dict[str, str]:
    """Head -> body. Of nothing counted a share lies between 0 and 1; a bound of a ratio that is infinite is NULL."""
    low, high = (f"analysis.share_{end}(k1, k1 + k0, z)" for end in ("low", "high"))
    return {
        "analysis.share_low(k, n, z)": SHARE.format(sign="-"),
        "analysis.share_high(k, n, z)": SHARE.format(sign="+"),
        "analysis.ratio_low(k1, e1, k0, e0, z)": RATIO.format(end=low),
        "analysis.ratio_high(k1, e1, k0, e0, z)": RATIO.format(end=high),
    }


def define(con) -> None:
    """Write the functions into the warehouse that is open."""
    con.execute("create schema if not exists analysis")
    for head, body in functions().items():
        con.execute(f"create or replace macro {head} as {body}")
