"""What the newest weeks will hold once everything is filed: so far, and the range that is likely in the end.

Here: how much is filed by which age, from past delays; the 80 % range; how often such ranges held in the past. Not
here: counting (dbt: int_filing_delays), wording (the report).

    filed share   F(d), of incidents filed within half a year those filed within d days of their week's Monday, by
                  reverse-time hazards, so that weeks too young to be complete count for what they can show
                  (J. F. Lawless, 1994)
    still to come with n filed of a week whose F is f: the week's rate is Gamma(m·w, w), m the rate of the settled
                  weeks before and w = 1/(phi-1) weeks, at most 1; the rest is NegBin(m·w + n, (w+f)/(w+1))
"""

from __future__ import annotations

from pipelines.analysis import baselines, tables

HORIZON = 182  # days; what is filed later than half a year is history brought in, not filing
LOOK_BACK_WEEKS = 104  # of delays: habits change
SETTLED = 0.98  # filed share from which on a week is as good as complete
WEIGHT_AT_MOST = (
    1.0  # 2026-11-25: weeks; with 8 a week of three times the usual was told away as late filing (.54 held)
)
LEAST_DELAYS = 30  # past incidents whose delay is known; with fewer nothing is said
LIKELY = (0.1, 0.9)
CHECKED_WEEKS = 52  # past Mondays on which the ranges are made again
DECIMALS = 10


def filed_share(counts, ages):
    """F of 0 … HORIZON days, or None where too few delays are known.

    counts: incidents, a row for each week and a column for each day of delay up to HORIZON; ages: days from each week's
    Monday to T.
    """
    import numpy as np

    known = np.where(np.arange(HORIZON + 1) <= np.minimum(ages, HORIZON)[:, None], counts, 0)
    if known.sum() < LEAST_DELAYS or not known[ages >= HORIZON].any():
        return None
    so_far = known.cumsum(axis=1)
    share = np.ones(HORIZON + 1)
    for day in range(HORIZON, 0, -1):
        old = ages >= day
        within = so_far[old, day].sum()
        share[day - 1] = share[day] * (1 - known[old, day].sum() / within) if within else share[day]
    return share


def recently_filed(counts, ages) -> tuple:
    """F over all categories from the last LOOK_BACK_WEEKS, and from how many incidents it was learnt."""
    import numpy as np

    recent = slice(max(len(ages) - LOOK_BACK_WEEKS, 0), None)
    pooled, young = counts[:, recent].sum(axis=0), ages[recent]
    known = np.where(np.arange(HORIZON + 1) <= young[:, None], pooled, 0).sum()
    return (filed_share(pooled, young) if len(young) else None), int(known)


def likely(filed, share, rate, dispersion) -> tuple:
    """The 80 % range of a whole week, arrays: filed so far, F at its age, rate a week and dispersion before."""
    import numpy as np

    with np.errstate(divide="ignore"):
        weight = np.minimum(1 / (dispersion - 1), WEIGHT_AT_MOST)
    size, success = np.maximum(rate * weight, 1e-6) + filed, (weight + share) / (weight + 1)
    is_open = share < 1
    success = np.where(is_open, success, 0.5)
    return tuple(filed + np.where(is_open, baselines.quantile(q, size, success), 0) for q in LIKELY)


def nowcast(counts, ages, brought=0) -> list[dict]:
    """The open weeks of every category at one T. counts: category × week × delay, ages: days of each week, falling;
    brought: category × week, incidents whose delay nobody knows because they came with a first delivery.

    One entry for each category and week that is not settled: category and week (places), filed, share, low, high.
    """
    import numpy as np

    share, _ = recently_filed(counts, ages)
    if share is None:
        return []
    filed_by = share[np.minimum(ages, HORIZON)]
    is_open = filed_by < SETTLED
    seen = np.where(np.arange(HORIZON + 1) <= ages[:, None], counts, 0).sum(axis=2) + brought
    history = np.flatnonzero(~is_open)[-baselines.HISTORY_WEEKS :]
    if len(history) < baselines.HISTORY_NEEDED:
        return []
    past = seen[:, history]
    sums, weeks = past.sum(axis=1), len(history)
    phi = baselines.dispersion(weeks, sums, np.full(len(sums), float(weeks)), (past * past).sum(axis=1))
    rows = []
    for week in np.flatnonzero(is_open):
        low, high = likely(seen[:, week], filed_by[week], (sums + 0.5) / weeks, phi)
        rows += [
            {"category": c, "week": int(week), "filed": int(seen[c, week]), "share": float(filed_by[week]),
             "low": int(low[c]), "high": int(high[c])}
            for c in range(len(seen))
        ]  # fmt: skip
    return rows


def checks(counts, ages, brought) -> list[dict]:
    """The ranges made again on past Mondays, held against what is known now: age in weeks, ranges, how many held."""
    import numpy as np

    whole, found = counts.sum(axis=2) + brought, {}
    first = int(np.searchsorted(-ages, -HORIZON - 6, side="right"))  # weeks complete by now end before it
    for now in range(max(first - CHECKED_WEEKS, 0), first):
        then = ages[: now + 1] - ages[now] + 7  # the Monday after that week ended
        for row in nowcast(counts[:, : now + 1], then, brought[:, : now + 1]):
            age = int(then[row["week"]]) // 7
            ranges, held = found.get(age, (0, 0))
            found[age] = ranges + 1, held + (row["low"] <= whole[row["category"], row["week"]] <= row["high"])
    return [{"age_weeks": age, "ranges": n, "held": int(k)} for age, (n, k) in sorted(found.items())]


def write(con) -> int:
    """analysis.nowcasts, analysis.nowcast_checks and analysis.filed_shares; gives the number of open weeks."""
    counts, brought, ages, categories, weeks = _read(con)
    share, learnt = recently_filed(counts, ages)
    rows = [
        {"category": categories[row["category"]], "week": weeks[row["week"]], "age_days": int(ages[row["week"]]),
         "filed": row["filed"], "filed_share": round(row["share"], DECIMALS),
         "likely_low": row["low"], "likely_high": row["high"], "of_delays": learnt, "method": "nowcast-1"}
        for row in nowcast(counts, ages, brought)
    ]  # fmt: skip
    tables.fill(con, "nowcasts", rows)
    tables.fill(con, "nowcast_checks", checks(counts, ages, brought))
    filed = (
        []
        if share is None
        else [
            {"age_days": day, "filed_share": round(float(value), DECIMALS), "of_delays": learnt}
            for day, value in enumerate(share)
        ]
    )
    tables.fill(con, "filed_shares", filed)
    return len(rows)


def _read(con) -> tuple:
    """Counts (category × full week × delay up to HORIZON), those without a delay, ages in days, names of both."""
    import numpy as np

    (today,) = con.execute("SELECT timezone('UTC', as_of)::DATE FROM raw.as_of").fetchone()
    spine = con.execute(
        "SELECT DISTINCT week_on, week FROM marts.category_weeks WHERE is_full ORDER BY week_on"
    ).fetchall()
    found = con.execute(
        "SELECT category, week_on, delay_days, incidents FROM intermediate.int_filing_delays "
        f"WHERE delay_days <= {HORIZON} OR delay_days IS NULL ORDER BY ALL"
    ).fetchall()
    categories = sorted({category for category, *_ in found})
    place = {week_on: n for n, (week_on, _) in enumerate(spine)}
    counts = np.zeros((len(categories), len(spine), HORIZON + 1), dtype=np.int64)
    brought = np.zeros(counts.shape[:2], dtype=np.int64)
    for category, week_on, delay, incidents in found:
        if week_on in place:
            at = categories.index(category), place[week_on]
            (brought if delay is None else counts[..., delay])[at] = incidents
    ages = np.array([(today - week_on).days for week_on, _ in spine], dtype=np.int64)
    return counts, brought, ages, categories, [week for _, week in spine]
