"""Limits of XmR and days-between charts, by hand and against the definition."""

from datetime import date, timedelta

import duckdb
import pytest

from pipelines.analysis import charts

FIRST = date(2026, 1, 5)


def limits(counts: list[int], days: list[int] = ()) -> list[tuple]:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA marts; SET TimeZone = 'UTC'")
    con.execute("CREATE TABLE marts.category_weeks (category VARCHAR, week_on DATE, is_full BOOLEAN, incidents BIGINT)")
    con.execute(
        "CREATE TABLE marts.incidents (record_id VARCHAR, category VARCHAR, is_counted BOOLEAN, "
        "started_at TIMESTAMPTZ, started_week_on DATE)"
    )
    for n, count in enumerate(counts):
        con.execute("INSERT INTO marts.category_weeks VALUES ('a', ?, true, ?)", [FIRST + timedelta(weeks=n), count])
    for n, day in enumerate(days):
        con.execute(
            "INSERT INTO marts.incidents VALUES ($1, 'a', true, $2, date_trunc('week', $2::DATE))",
            [f"R{n}", FIRST + timedelta(days=day)],
        )
    charts.write(con)
    return con.execute("SELECT chart, points, centre, low, high FROM analysis.process_charts").fetchall()


def test_weekly_counts_have_the_mean_and_the_mean_moving_range():
    assert limits([2, 4, 3, 3]) == [("weekly counts", 4, 3.0, pytest.approx(3 - 2.66), pytest.approx(3 + 2.66))]


def test_rare_incidents_are_shown_by_the_days_between_them_and_never_below_nought():
    counts = [0] * 20
    for day in (3, 33, 93, 103):
        counts[day // 7] += 1
    ((chart, points, centre, low, high),) = limits(counts, [3, 33, 93, 103])
    assert (chart, points, low) == ("days between", 3, 0.0)
    assert centre == pytest.approx(100 / 3, abs=1e-6)
    assert high == pytest.approx(100 / 3 + 2.66 * (30 + 50) / 2, abs=1e-6)


def test_only_the_last_year_counts_and_one_point_says_nothing():
    assert limits([50] * 10 + [1, 3] * 26)[0][1:3] == (52, 2.0)
    assert limits([5]) == []
    assert limits([0] * 30, [3]) == []
