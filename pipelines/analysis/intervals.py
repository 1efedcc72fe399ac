"""Intervals in closed form, as functions inside the warehouse: ready questions and any other SQL call the same ones.

Here: arithmetic on whole counts, after E. B. Wilson (1927), for ratios with R. G. Newcombe's correction (1998). Not
here: tails and quantiles, which SQL does not compute (baselines.py). Each function takes its own width z.
"""

from __future__ import annotations

# Twelve digits: what is 0 or 1 but for the last bit would else make an infinite ratio a huge one.
SHARE = "round((k + z * z / 2 {sign} z * sqrt(k * (n - k) / greatest(n, 1) + z * z / 4)) / (n + z * z), 12) + 0.0"
# With the correction a bound is nearly the exact one of Clopper and Pearson. Without it four of five incidents in the
# last fifth of the time (chance: 1 in 120) lie outside an interval of three standard deviations.
CORRECTED = """case when k = 0 then 0.0 else greatest(0, round((
    2 * k + z * z - 1 - z * sqrt(z * z - 2 - 1 / n + 4 * k * (n - k + 1) / n)
) / (2 * (n + z * z)), 12)) end"""


def functions() -> dict[str, str]:
    """Head -> body. Of nothing counted a share lies between 0 and 1; a bound of a ratio that is infinite is NULL.

    A ratio of two rates is the odds of a share: of all k1 + k0 cases, those that fell into the first exposure.
    """
    least, most = (f"analysis.share_least({k}, k1 + k0, z)" for k in ("k1", "k0"))
    return {
        "analysis.share_low(k, n, z)": SHARE.format(sign="-"),
        "analysis.share_high(k, n, z)": SHARE.format(sign="+"),
        "analysis.share_least(k, n, z)": CORRECTED,
        "analysis.ratio_low(k1, e1, k0, e0, z)": f"{least} / nullif(1 - {least}, 0) * e0 / nullif(e1, 0)",
        "analysis.ratio_high(k1, e1, k0, e0, z)": f"(1 - {most}) / nullif({most}, 0) * e0 / nullif(e1, 0)",
    }


def define(con) -> None:
    """Write the functions into the warehouse that is open."""
    con.execute("create schema if not exists analysis")
    for head, body in functions().items():
        con.execute(f"create or replace macro {head} as {body}")
