"""Did prevention work? Incidents in the scope of an action, before what led to it and after it was put into effect.

    prevention.sql   counts and days before and after, for each action and each fault line with an action
    here             p ~ Beta(c1+½, c0+½), RR = p/(1-p)·E0/E1, its exact interval, the verdict, and when one can be had

Four verdicts only: reduced, worse, cannot tell (until a day), not implemented. A rate is called reduced or worse only
where it moved further than that of all other incidents in the same days: a fall that everything shared is no merit of
the action. "Before" never holds the window that led to the action, which is bad by choice (regression to the mean).
What is not filed yet is no quiet: the newest days count only for the share of incidents that are filed by that age.
Neither is what has no code yet, or another than before: incidents after the action at the same places that name no
cause, and are more than before, count as if in scope when it comes to "reduced"; and nothing is reduced where the rest
at these places surely rose.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.analysis import tables

TRIGGER_WEEKS = 13  # 2026-11-25: before the incident that led to the action; they and all up to the action are left out
# 2026-11-25: at .95 five fixes in a hundred that did nothing were called a success, at .98 two. The price: after 3
# incidents in 26 weeks a verdict takes 33 quiet weeks and not 21
SURE = 0.98
# 2026-11-25: of incidents beside the scope, since codes and names change; the price: one fix in twenty waits for it
SURE_RISE = 0.95
LEAST_WORSE = 3  # 2026-11-25: incidents after; one incident after none before is no trend, however rare it was
INTERVAL = (0.025, 0.975)
FARTHEST_DAYS = 3650  # a day ten years ahead is no answer
DECIMALS = 10
VERDICTS = ("reduced", "worse", "cannot tell", "not implemented")
REDUCED, WORSE, CANNOT_TELL, NOT_IMPLEMENTED = range(len(VERDICTS))
SAID = ("rate_ratio", "ratio_low", "ratio_high", "others_ratio", "p_reduced", "p_worse")
COUNTS = Path(__file__).with_name("prevention.sql")


def compare(before, days_before, after, days_after, others=1.0, uncoded=0, beside=(0, 0)) -> dict:
    """Arrays of incidents and days before and after → rate ratio, its 95 % interval, how sure it is, and the verdict.

    Days may be fractions; `others` is the rate ratio of everything else in the same days, NaN where there is none.
    `uncoded`: incidents after that may yet turn out to be in scope; `beside`: before and after, those at the same
    places that are not in it. p_reduced is P(RR < 1) or, where all others fell, P(RR < others), all uncoded ones taken
    to be in scope; p_worse the same upwards, with none of them. Without a day before or after nothing is said (NaN,
    cannot tell).
    """
    import numpy as np
    from scipy.special import betainc, betaincc, betaincinv

    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    days_before, days_after = np.asarray(days_before, dtype=float), np.asarray(days_after, dtype=float)
    is_known = (days_before > 0) & (days_after > 0)
    e0, e1 = np.where(is_known, days_before, 1.0), np.where(is_known, days_after, 1.0)
    c0, c1, of = _each_once(before, after)
    low = np.where(c1 > 0, betaincinv(np.maximum(c1, 1), c0 + 1, INTERVAL[0]), 0.0)[of]
    high = np.where(c0 > 0, betaincinv(c1 + 1, np.maximum(c0, 1), INTERVAL[1]), 1.0)[of]
    low_enough, high_enough = np.fmin(others, 1.0) * e1, np.fmax(others, 1.0) * e1
    with ThreadPoolExecutor() as both:  # scipy lets go of the interpreter: a million rows take 2 s and not 4
        falls = both.submit(betainc, after + uncoded + 0.5, before + 0.5, low_enough / (low_enough + e0))
        rises = both.submit(betaincc, after + 0.5, before + 0.5, high_enough / (high_enough + e0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "rate_ratio": np.where(before > 0, after / e1 / (before / e0), np.nan),
            "ratio_low": low / (1 - low) * e0 / e1,
            "ratio_high": np.where(high < 1, high / (1 - high) * e0 / e1, np.nan),
            "p_reduced": falls.result(),
            "p_worse": rises.result(),
        }
    found = {name: np.where(is_known, values, np.nan) for name, values in found.items()}
    found["verdict"] = _verdicts(found, after, beside, high_enough / (high_enough + e0))
    return found


def _verdicts(found: dict, after, beside: tuple, share):
    """Which verdict each row comes to. `share`: of the time after, stretched by the rise of all others."""
    import numpy as np
    from scipy.special import betaincc

    fell = found["p_reduced"] >= SURE
    looked = np.broadcast_arrays(*beside, share, fell)[:3]  # all 100,000 would cost .2 CPU-s
    rest_before, rest_after, share = (values[fell] for values in looked)
    fell[fell] = betaincc(rest_after + 0.5, rest_before + 0.5, share) < SURE_RISE
    rose = (found["p_worse"] >= SURE) & (after >= LEAST_WORSE)
    return np.select([fell, rose], [REDUCED, WORSE], CANNOT_TELL)


def _each_once(before, after) -> tuple:
    """The different pairs of counts, and which each row has: quantiles of a million rows cost seconds."""
    import numpy as np

    keys, of = np.unique(before.astype(np.int64) * 2**32 + after.astype(np.int64), return_inverse=True)
    return (keys // 2**32).astype(float), (keys % 2**32).astype(float), of


def beyond(before, days_before, after, days_after, others):
    """How many incidents after are more than as many before let expect: some are never given a code, then as now."""
    import numpy as np

    expected = before * days_after / np.maximum(days_before, 1.0) * np.fmax(others, 1.0)
    return np.round(np.maximum(after - expected, 0.0))


def days_needed(before, days_before, after, others=1.0, sure=SURE):
    """Days after an action, those passed included, from which on "reduced" is possible if no further incident comes."""
    import numpy as np
    from scipy.special import betaincinv

    given = np.broadcast_arrays(np.asarray(before, dtype=float), np.asarray(after, dtype=float))
    c0, c1, of = _each_once(given[0].reshape(-1), given[1].reshape(-1))
    share = betaincinv(c1 + 0.5, c0 + 0.5, sure)[of].reshape(given[0].shape)
    with np.errstate(divide="ignore"):
        return share / (1 - share) * np.asarray(days_before, dtype=float) / np.fmin(others, 1.0)


def write(con) -> int:
    """Judge the actions and fault lines of the warehouse that is open into analysis.prevention; the number of rows."""
    import numpy as np

    con.execute(COUNTS.read_text(encoding="utf-8").replace("$trigger_weeks", str(TRIGGER_WEEKS)))
    found = con.execute(
        "SELECT place, incidents_before, days_before, incidents_after, days_after, days_unfiled, others_before, "
        "others_after, uncoded_before, uncoded_after, beside_before, beside_after, is_implemented "
        "FROM compared ORDER BY place"
    ).fetchnumpy()
    given = {name: np.ma.filled(values.astype(float), 0.0) for name, values in found.items()}
    before, after, days_before = given["incidents_before"], given["incidents_after"], given["days_before"]
    days_after = np.maximum(given["days_after"] - given["days_unfiled"], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        others = given["others_after"] / days_after / (given["others_before"] / days_before)
    others = np.where(np.isfinite(others), others, np.nan)
    uncoded = beyond(given["uncoded_before"], days_before, given["uncoded_after"], days_after, others)
    beside = given["beside_before"], given["beside_after"]
    judged = compare(before, days_before, after, days_after, others, uncoded, beside)
    needed = np.ceil(days_needed(before, days_before, after + uncoded, others) + given["days_unfiled"])
    is_open = (judged["verdict"] == CANNOT_TELL) & (days_before > 0) & (needed < FARTHEST_DAYS)
    is_open &= needed > given["days_after"]  # what waits for codes, and not for days, has no date
    is_implemented = given["is_implemented"] > 0
    judged |= {"others_ratio": others, "days_needed": np.where(is_open, needed, np.nan)}
    verdict = np.where(is_implemented, judged.pop("verdict"), NOT_IMPLEMENTED)
    judged = {name: np.where(is_implemented, values, np.nan) for name, values in judged.items()}
    return _insert(con, {"place": found["place"], "verdict": verdict} | judged)


def _insert(con, judged: dict) -> int:
    import numpy as np

    con.register("judged", {name: np.round(values, DECIMALS) for name, values in judged.items()})
    table = tables.create(con, "prevention")
    said = ", ".join(f"CASE WHEN NOT isnan({name}) THEN {name} END AS {name}" for name in SAID)
    con.execute(f"""
        INSERT INTO {table} BY NAME
        SELECT acted.* EXCLUDE (scope, place_no, triggered_on),
            compared.* EXCLUDE (place, is_implemented, after_from, others_before, others_after), {said},
            {list(VERDICTS)}[verdict::BIGINT + 1] AS verdict,
            CASE WHEN NOT isnan(days_needed) THEN after_from + days_needed::INTEGER END AS cannot_tell_until,
            'prevention-2' AS method
        FROM judged
        JOIN compared USING (place)
        JOIN judged_actions AS acted ON acted.rowid = judged.place
        ORDER BY unit, record_id, position, line_id
    """)
    con.unregister("judged")
    return len(judged["place"])
