"""Weekly counts per category → the routine range of each, and whether a full week left it.

Belongs here: the gamma-Poisson baseline as pure functions, and the one door that reads
marts.category_weeks and writes analysis.category_baselines. Counting stays in SQL, wording in the report.

For a series with S incidents in the W full weeks before a window of k weeks that holds n:
    prior       Gamma(a0, b0) by moments over all series: m = mean(S/W), v = var(S/W) - mean(m/W), a0 = m²/v, b0 = m/v
    dispersion  phi = ((W-1)·var/mean + 20) / (W-1+20) of the weekly counts, at least 1
    rate        Gamma(a0 + S/phi, b0 + W/phi), its 95 % interval
    window      negative binomial of mean k·rate and variance phi·mean + k²·var(rate); for phi = 1 this is exactly
                NegBin(a0+S, (b0+W)/(b0+W+k)). Routine range = its central 95 %, p = P(N >= n)
    signal      Benjamini-Hochberg q <= .10 over all series and windows of one week, and n above the routine range
Only rises are judged: a fall is as often a record not yet filed.
"""

from pipelines import warehouse

WINDOWS = (1, 4, 13)
HISTORY_WEEKS = 52  # 2026-11-22: one year; longer histories follow a slow change of level too late
HISTORY_NEEDED = 13  # 2026-11-22: under a quarter of a year the range is mostly prior; price: new sources wait
PRIOR_WEEKS_AT_MOST = 4.0  # 2026-11-22: few series look alike by luck; with 13 the interval covered 91 %, with 4 94 %
PRIOR_DISPERSION_WEEKS = 20  # 2026-11-22: phi is drawn towards 1 with the weight of 20 weeks
JEFFREYS = (0.5, 0.0)  # a series alone, or nothing seen yet: no neighbours to learn a prior from
Q_LIMIT = 0.10
ROUTINE = (0.025, 0.975)
DECIMALS = 10  # printed so: the last digits of a special function may differ between maths libraries

LEFT, QUIET, EARLY, NOTHING = "left its routine range", "no signal", "too early to judge", "no data"

COLUMNS = {
    "category": "VARCHAR", "week": "VARCHAR", "window_weeks": "INTEGER", "incidents": "BIGINT",
    "history_weeks": "INTEGER", "history_incidents": "BIGINT", "prior_a": "DOUBLE", "prior_b": "DOUBLE",
    "dispersion": "DOUBLE", "rate": "DOUBLE", "rate_low": "DOUBLE", "rate_high": "DOUBLE",
    "routine_low": "BIGINT", "routine_high": "BIGINT", "p_upper": "DOUBLE", "q_value": "DOUBLE", "verdict": "VARCHAR",
}  # fmt: skip


def prior(histories: list[tuple[int, int]]) -> tuple[float, float]:
    """Gamma(a0, b0) by moments over (incidents, weeks) of each series that was ever seen; guards in the constants."""
    rates = [incidents / weeks for incidents, weeks in histories]
    if len(rates) < 2 or sum(rates) == 0:
        return JEFFREYS
    mean = sum(rates) / len(rates)
    chance = sum(mean / weeks for _, weeks in histories) / len(rates)
    between = sum((rate - mean) ** 2 for rate in rates) / (len(rates) - 1) - chance
    weeks = min(mean / between, PRIOR_WEEKS_AT_MOST) if between > 0 else PRIOR_WEEKS_AT_MOST
    return mean * weeks, weeks


def dispersion(weeks: int, total: int, squares: int) -> float:
    """phi from integer sums: incidents of one incident often come together, and then a Poisson range is too narrow."""
    if weeks < 2 or total == 0:
        return 1.0
    observed = (squares - total * total / weeks) / (weeks - 1) / (total / weeks)
    return max(1.0, ((weeks - 1) * observed + PRIOR_DISPERSION_WEEKS) / (weeks - 1 + PRIOR_DISPERSION_WEEKS))


def benjamini_hochberg(p_values: list[float]) -> list[float]:
    """q of each p: the smallest false-discovery rate at which it would be reported."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i], reverse=True)
    q_values, smallest = [1.0] * len(p_values), 1.0
    for rank, i in zip(range(len(p_values), 0, -1), order, strict=True):
        smallest = min(smallest, p_values[i] * len(p_values) / rank)
        q_values[i] = smallest
    return q_values


def judge(counts: list[tuple[str, str, int]], weeks: list[str] | None = None) -> list[dict]:
    """Judge full weeks. `counts`: (category, ISO week, incidents), full weeks only and every week of the spine.

    `weeks` names the weeks to judge, all by default. One row per category, week and window, in that order; a week
    that `counts` does not hold gives no row.
    """
    series: dict[str, dict[str, int]] = {}
    for category, week, incidents in counts:
        series.setdefault(category, {})[week] = incidents
    spine = sorted({week for by_week in series.values() for week in by_week})
    sums = {category: _running_sums([by_week.get(week, 0) for week in spine]) for category, by_week in series.items()}
    rows = []
    for end, week in enumerate(spine, start=1):
        if weeks is None or week in weeks:
            rows += _observe(sums, end, week)
    _measure([row for row in rows if row["verdict"] is None])
    _decide(rows)
    rows.sort(key=lambda row: (row["category"], row["week"], row["window_weeks"]))
    return [{column: row.get(column) for column in COLUMNS} for row in rows]


def _running_sums(incidents: list[int]) -> tuple[list[int], list[int]]:
    total, squares = [0], [0]
    for n in incidents:
        total.append(total[-1] + n)
        squares.append(squares[-1] + n * n)
    return total, squares


def _observe(sums: dict, end: int, week: str) -> list[dict]:
    """What was counted in each window that ends with this week, and what its history allows to be said."""
    rows = []
    for window in WINDOWS:
        first = max(end - window, 0)
        since = max(first - HISTORY_WEEKS, 0)
        weeks = first - since
        seen = {c: (total[first] - total[since], weeks) for c, (total, _) in sums.items() if total[end] > 0}
        prior_a, prior_b = prior(list(seen.values())) if weeks >= HISTORY_NEEDED else (None, None)
        for category, (total, squares) in sums.items():
            n, history = total[end] - total[first], total[first] - total[since]
            rows.append({
                "category": category, "week": week, "window_weeks": window, "incidents": n,
                "history_weeks": weeks, "history_incidents": history, "prior_a": prior_a, "prior_b": prior_b,
                "dispersion": dispersion(weeks, history, squares[first] - squares[since]),
                "verdict": NOTHING if category not in seen else EARLY if weeks < HISTORY_NEEDED else None,
            })  # fmt: skip
            if rows[-1]["verdict"]:
                rows[-1] |= {"prior_a": None, "prior_b": None, "dispersion": None}
    return rows


def _measure(rows: list[dict]) -> None:
    """Rate interval, routine range and tail of each row; one vectorised call per quantity."""
    if not rows:
        return
    import numpy as np
    from scipy.special import betainc, gammaincinv  # not scipy.stats: it takes 0.8 CPU-s more to import

    def column(name: str):
        return np.array([row[name] for row in rows], dtype=float)

    phi, window, n = column("dispersion"), column("window_weeks"), column("incidents")
    shape = column("prior_a") + column("history_incidents") / phi
    weight = column("prior_b") + column("history_weeks") / phi
    mean = window * shape / weight
    variance = phi * mean + window**2 * shape / weight**2
    size, success = mean**2 / (variance - mean), mean / variance
    values = {
        "rate": shape / weight,
        "rate_low": gammaincinv(shape, ROUTINE[0]) / weight,
        "rate_high": gammaincinv(shape, ROUTINE[1]) / weight,
        "routine_low": _quantile(ROUTINE[0], size, success),
        "routine_high": _quantile(ROUTINE[1], size, success),
        "p_upper": np.where(n > 0, betainc(np.maximum(n, 1), size, 1 - success), 1.0),
    }
    for name, column_values in values.items():
        for row, value in zip(rows, column_values.tolist(), strict=True):
            row[name] = int(value) if name.startswith("routine") else round(value, DECIMALS)
    for row in rows:
        row |= {name: round(row[name], DECIMALS) for name in ("prior_a", "prior_b", "dispersion")}


def _quantile(share: float, size, success):
    """The smallest count of a negative binomial below or at which `share` of it lies; the size need not be whole."""
    import numpy as np
    from scipy.special import betainc, nbdtrik

    count = np.ceil(np.nan_to_num(nbdtrik(share, size, success))).clip(0)
    while (low := betainc(size, count + 1, success) < share).any():
        count += low
    while (high := (count > 0) & (betainc(size, np.maximum(count, 1), success) >= share)).any():
        count -= high
    return count


def _decide(rows: list[dict]) -> None:
    """Verdicts, week by week: each week is one family of looks."""
    families: dict[str, list[dict]] = {}
    for row in rows:
        if row["verdict"] is None:
            families.setdefault(row["week"], []).append(row)
    for family in families.values():
        for row, q_value in zip(family, benjamini_hochberg([row["p_upper"] for row in family]), strict=True):
            row["q_value"] = round(q_value, DECIMALS)
            is_signal = q_value <= Q_LIMIT and row["incidents"] > row["routine_high"]
            row["verdict"] = LEFT if is_signal else QUIET


def write(con) -> int:
    """Judge every full week of marts.category_weeks into analysis.category_baselines; gives the number of rows.

    All weeks, not the last one: a page may be asked for any week, and then needs no statistics of its own.
    """
    counts = con.execute(
        "select category, week, incidents from marts.category_weeks where is_full order by category, week"
    ).fetchall()
    rows = judge(counts)
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    con.execute("create schema if not exists analysis")
    con.execute(f"create or replace table analysis.category_baselines ({columns})")
    warehouse.insert(con, "analysis.category_baselines", COLUMNS, rows)
    con.execute(
        "comment on table analysis.category_baselines is "
        "'One row per category, full ISO week judged and window of 1, 4 or 13 weeks that ends with it.'"
    )
    return len(rows)
