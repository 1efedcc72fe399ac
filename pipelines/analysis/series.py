"""The baselines of the warehouse that is open: weekly counts of every series in, analysis.baselines out.

Here: which weeks are judged, reading and writing. Not here: the method (baselines.py).
Categories are judged in every full week, since a page may be asked for any; all other series in the last full one, with
thirty thousand of which every week would be forty million rows. Each kind of series has a prior of its own and is a
family of looks of its own: the kinds count the same incidents again.
"""

from __future__ import annotations

from pipelines.analysis import baselines, exposures, tables
from pipelines.analysis.many_looks import q_values

METHOD = "baselines-2"
BACK = baselines.HISTORY_WEEKS + baselines.WINDOWS[-1]  # weeks that a judgement of one week looks at

COUNTED = """
CREATE OR REPLACE TEMP TABLE counted AS
WITH counts AS (
    SELECT kind, series, week_on, incidents FROM intermediate.int_series_weeks
    UNION ALL  -- a category of near misses alone has no incident and is judged all the same: no data
    SELECT DISTINCT 'category', category, NULL::DATE, 0 FROM marts.category_weeks
    UNION ALL
    SELECT 'fault_line', line_id, started_week_on, count(*)
    FROM analysis.fault_line_incidents JOIN marts.incidents USING (record_id)
    WHERE started_week_on IS NOT NULL
    GROUP BY line_id, started_week_on
),
names AS (
    SELECT kind, series, row_number() OVER (ORDER BY kind, series) - 1 AS series_no FROM counts GROUP BY kind, series
)
SELECT names.kind, names.series, series_no, weeks.week_no, counts.incidents
FROM names
LEFT JOIN (counts JOIN spine AS weeks USING (week_on)) USING (kind, series)
"""
SPINE = """
CREATE OR REPLACE TEMP TABLE spine AS
SELECT week_on, week, row_number() OVER (ORDER BY week_on) - 1 AS week_no
FROM (SELECT DISTINCT week_on, week FROM marts.category_weeks WHERE is_full)
"""


def write(con) -> int:
    """Judge the series of the warehouse that is open into analysis.baselines; gives the number of rows."""
    con.execute(SPINE)
    con.execute(COUNTED)
    table = tables.create(con, "baselines")
    mondays = [monday for (monday,) in con.execute("SELECT week_on FROM spine ORDER BY week_on").fetchall()]
    weeks = len(mondays)
    kinds = con.execute(
        "SELECT kind, min(series_no), max(series_no) FROM counted GROUP BY kind ORDER BY kind"
    ).fetchall()
    for kind, first, last in kinds if weeks else ():
        begin = 0 if kind == "category" else max(weeks - BACK, 0)
        counts = _matrix(con, first, last, begin, weeks)
        ends = range(1, weeks + 1) if kind == "category" else [weeks - begin]
        exposure = exposures.of_series(con, kind, _names(con, first, last), mondays[begin:])
        _insert(con, table, baselines.judge(counts, ends, exposure), first, begin)
    return con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def _names(con, first: int, last: int) -> dict[str, int]:
    """The series `first` to `last` by name, and the row that each has in a matrix."""
    return dict(con.execute(
        f"SELECT DISTINCT series, series_no - {first} FROM counted WHERE series_no BETWEEN {first} AND {last}"
    ).fetchall())  # fmt: skip


def _matrix(con, first: int, last: int, begin: int, weeks: int):
    """Incidents of the series `first` to `last`, a row each, in the weeks from `begin`, a column each, with zeros."""
    import numpy as np

    found = con.execute(
        f"SELECT series_no - {first} AS series, week_no - {begin} AS week, incidents FROM counted "
        f"WHERE series_no BETWEEN {first} AND {last} AND week_no >= {begin}"
    ).fetchnumpy()
    counts = np.zeros((last - first + 1, weeks - begin), dtype=np.int64)
    counts[found["series"], found["week"]] = found["incidents"]
    return counts


def _by_window(judged: dict):
    """q of each row over the series judged in the same week and window: for who looks at one window of every series."""
    import numpy as np

    found = np.full(len(judged["p_upper"]), np.nan)
    rows = np.flatnonzero(~np.isnan(judged["p_upper"]))
    for family in np.unique(np.column_stack([judged["end"], judged["window_weeks"]])[rows], axis=0):
        looks = rows[(judged["end"][rows] == family[0]) & (judged["window_weeks"][rows] == family[1])]
        found[looks] = q_values(judged["p_upper"][looks])
    return found


def _insert(con, table: str, judged: dict, first: int, begin: int) -> None:
    """Rows into the table; the words of series, weeks and verdicts are put to their numbers in SQL."""
    import numpy as np

    numbers = {name: np.round(values, baselines.DECIMALS) for name, values in judged.items()}
    numbers["q_window"] = np.round(_by_window(judged), baselines.DECIMALS)
    numbers["series"], numbers["end"] = judged["series"] + first, judged["end"] - 1 + begin
    con.register("judged", numbers)
    said = ", ".join(
        f"CASE WHEN NOT isnan({name}) THEN {name} END AS {name}"
        for name in (*baselines.LEARNT, *baselines.MEASURED, "q_window")
    )
    con.execute(f"""
        INSERT INTO {table} BY NAME
        SELECT names.kind, names.series, spine.week, window_weeks::INTEGER AS window_weeks, incidents,
            window_exposure, history_weeks::INTEGER AS history_weeks, history_incidents, history_exposure, {said},
            {list(baselines.VERDICTS)}[verdict + 1] AS verdict, '{METHOD}' AS method
        FROM judged
        JOIN (SELECT DISTINCT kind, series, series_no FROM counted) AS names ON names.series_no = judged.series
        JOIN spine ON spine.week_no = judged."end"
        ORDER BY ALL
    """)
    con.unregister("judged")
