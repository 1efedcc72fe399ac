"""Weekly counts of a series → its routine range, and whether a full week left it.

Belongs here: the gamma-Poisson baseline as pure functions over arrays of counts (a row is a series, a column a week).
Does not belong here: reading and writing (series.py), wording (the report). Counting stays in SQL.

For a series with S incidents over H weeks of exposure before a window of exposure k that holds n:
    prior       Gamma(a0, b0) by moments over all series: m = mean(S/H), v = var(S/H) - mean(m/H), a0 = m²/v, b0 = m/v
    dispersion  phi = ((W-1)·Pearson + 156·usual) / (W-1+156) of the W weekly counts, at least 1; usual: the mean of
                Pearson over all series, at least 1
    rate        Gamma(a0 + S/phi, b0 + H/phi), its 95 % interval
    window      negative binomial of mean k·rate and variance phi·mean + k²·var(rate); for phi = 1 this is exactly
                NegBin(a0+S, (b0+H)/(b0+H+k)). Routine range = its central 95 %, p = P(N >= n)
    signal      Benjamini-Hochberg q <= .10 over all series and windows of one week, and n above the routine range
Exposure is 1 a week where nobody says otherwise. Only rises are judged: a fall is as often a record not yet filed.
"""

from __future__ import annotations

from pipelines.analysis.many_looks import q_values

WINDOWS = (1, 4, 13)
HISTORY_WEEKS = 52  # 2026-11-22: one year; longer histories follow a slow change of level too late
HISTORY_NEEDED = 13  # 2026-11-22: under a quarter of a year the range is mostly prior; price: new sources wait
PRIOR_WEEKS_AT_MOST = 4.0  # 2026-11-22: few series look alike by luck; with 13 the interval covered 91 %, with 4 94 %
# 2026-11-25: the weight of what is usual among the series. With 20 clustered counts gave .3 false alarms a report of
# 300 series, with 156 .1; one series that alone is clustered is then seen as calmer than it is
PRIOR_DISPERSION_WEEKS = 156
JEFFREYS = (0.5, 0.0)  # a series alone, or nothing seen yet: no neighbours to learn a prior from
Q_LIMIT = 0.10
ROUTINE = (0.025, 0.975)
DECIMALS = 10  # printed so: the last digits of a special function may differ between maths libraries

VERDICTS = ("left its routine range", "no signal", "too early to judge", "no data")
LEFT, QUIET, EARLY, NOTHING = VERDICTS
IS_LEFT, IS_QUIET, IS_EARLY, IS_NOTHING = range(len(VERDICTS))

MEASURED = ("rate", "rate_low", "rate_high", "routine_low", "routine_high", "p_upper", "q_value")
LEARNT = ("prior_a", "prior_b", "dispersion")


def prior(incidents, exposure) -> tuple[float, float]:
    """Gamma(a0, b0) by moments over the series that were ever seen: their incidents and their exposure, as arrays."""
    rates = incidents / exposure
    if len(rates) < 2 or not incidents.any():
        return JEFFREYS
    mean = float(rates.mean())
    between = float(rates.var(ddof=1)) - float((mean / exposure).mean())
    weeks = min(mean / between, PRIOR_WEEKS_AT_MOST) if between > 0 else PRIOR_WEEKS_AT_MOST
    return mean * weeks, weeks


def dispersion(weeks: int, incidents, exposure, squares):
    """phi of each series, at least 1, from sums over its weeks: incidents, exposure, squared counts over exposure.

    Incidents of one cause often come together, and then a Poisson range is too narrow. One series alone tells little of
    that: it is drawn towards what is usual among all.
    """
    import numpy as np

    if weeks < 2:
        return np.ones(len(incidents))
    rate = np.where(incidents > 0, incidents / exposure, 1.0)
    pearson = (squares / rate - incidents) / (weeks - 1)
    is_seen = incidents > 0
    usual = max(1.0, float(pearson[is_seen].mean())) if is_seen.any() else 1.0
    drawn = ((weeks - 1) * pearson + PRIOR_DISPERSION_WEEKS * usual) / (weeks - 1 + PRIOR_DISPERSION_WEEKS)
    return np.where(is_seen, np.maximum(drawn, 1.0), 1.0)


def judge(counts, ends, exposure=None) -> dict:
    """Judge full weeks: one entry for each end, window and series, in that order.

    counts: integers, a row for each series and a column for each full week of the spine; ends: how many columns lie up
    to and with each week judged (1 = the first week alone); exposure: of the same shape, positive. Returns arrays of
    one length: series and end (where they stood), window_weeks, incidents, history_weeks, history_incidents, LEARNT,
    MEASURED (NaN where nothing is said) and verdict (an index into VERDICTS).
    """
    import numpy as np

    counts = np.asarray(counts)
    exposure = np.ones(counts.shape) if exposure is None else exposure
    sums = [_running(values) for values in (counts, exposure, counts * counts / exposure)]
    parts = [_observe(sums, end, window) for end in ends for window in WINDOWS]
    names = parts[0] if parts else _observe([_running(counts[:0])] * 3, 0, 1)
    table = {name: np.concatenate([part[name] for part in parts] or [names[name]]) for name in names}
    return _decide(_measure(table))


def _running(values):
    import numpy as np

    return np.concatenate([np.zeros((values.shape[0], 1), dtype=values.dtype), values.cumsum(axis=1)], axis=1)


def _observe(sums: list, end: int, window: int) -> dict:
    """What was counted in one window that ends with a week, and what its history allows to be said."""
    import numpy as np

    first = max(end - window, 0)
    since = max(first - HISTORY_WEEKS, 0)
    weeks, series = first - since, len(sums[0])
    incidents, exposure, squares = (total[:, first] - total[:, since] for total in sums)
    is_seen = sums[0][:, end] > 0
    verdict = np.where(~is_seen, IS_NOTHING, IS_EARLY if weeks < HISTORY_NEEDED else IS_QUIET)
    a, b = prior(incidents[is_seen], exposure[is_seen]) if weeks >= HISTORY_NEEDED else JEFFREYS
    return {
        "series": np.arange(series),
        "end": np.full(series, end),
        "window_weeks": np.full(series, window),
        "incidents": sums[0][:, end] - sums[0][:, first],
        "window_exposure": sums[1][:, end] - sums[1][:, first],
        "history_weeks": np.full(series, weeks),
        "history_incidents": incidents,
        "history_exposure": exposure,
        "prior_a": np.full(series, a),
        "prior_b": np.full(series, b),
        "dispersion": dispersion(weeks, incidents, exposure, squares),
        "verdict": verdict,
    }


def _measure(table: dict) -> dict:
    """Rate interval, routine range and tail of each row that may be judged; one vectorised call for each quantity."""
    import numpy as np
    from scipy.special import betainc, gammaincinv  # not scipy.stats: it takes 0.8 CPU-s more to import

    rows = np.flatnonzero(table["verdict"] == IS_QUIET)
    for name in MEASURED:
        table[name] = np.full(len(table["verdict"]), np.nan)
    phi, window, n = (table[name][rows] for name in ("dispersion", "window_exposure", "incidents"))
    shape = table["prior_a"][rows] + table["history_incidents"][rows] / phi
    weight = table["prior_b"][rows] + table["history_exposure"][rows] / phi
    mean = window * shape / weight
    variance = phi * mean + window**2 * shape / weight**2
    size, success = mean**2 / (variance - mean), mean / variance
    table["rate"][rows] = shape / weight
    table["rate_low"][rows] = gammaincinv(shape, ROUTINE[0]) / weight
    table["rate_high"][rows] = gammaincinv(shape, ROUTINE[1]) / weight
    table["routine_low"][rows] = quantile(ROUTINE[0], size, success)
    table["routine_high"][rows] = quantile(ROUTINE[1], size, success)
    table["p_upper"][rows] = np.where(n > 0, betainc(np.maximum(n, 1), size, 1 - success), 1.0)
    for name in LEARNT:
        table[name] = np.where(table["verdict"] == IS_QUIET, table[name], np.nan)
    return table


def quantile(share: float, size, success):
    """The smallest count of a negative binomial below or at which `share` of it lies; the size need not be whole."""
    import numpy as np
    from scipy.special import betainc, nbdtrik

    count = np.ceil(np.nan_to_num(nbdtrik(share, size, success))).clip(0)
    while (low := betainc(size, count + 1, success) < share).any():
        count += low
    while (high := (count > 0) & (betainc(size, np.maximum(count, 1), success) >= share)).any():
        count -= high
    return count


def _decide(table: dict) -> dict:
    """Verdicts, week by week: each week is one family of looks."""
    import numpy as np

    judged = np.flatnonzero(table["verdict"] == IS_QUIET)
    for end in np.unique(table["end"][judged]):
        family = judged[table["end"][judged] == end]
        table["q_value"][family] = q_values(table["p_upper"][family])
    is_signal = (table["q_value"] <= Q_LIMIT) & (table["incidents"] > table["routine_high"])
    table["verdict"] = np.where(is_signal, IS_LEFT, table["verdict"])
    return table
