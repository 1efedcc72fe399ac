"""Of which incidents it is known how late they were filed, by the product's own model over a few records."""

from datetime import date, timedelta

import pytest

from pipelines.analysis import nowcast, tables
from validation import models

MONDAY = date(2026, 11, 23)
TABLES = f"""
CREATE TABLE raw.as_of AS SELECT TIMESTAMPTZ '{MONDAY} 06:00:00+00' AS as_of;
CREATE TABLE intermediate.int_known_revisions (record_id VARCHAR, source VARCHAR, known_from TIMESTAMPTZ);
CREATE TABLE intermediate.int_current_records (record_id VARCHAR, category VARCHAR, is_counted BOOLEAN);
CREATE TABLE intermediate.int_incident_starts (record_id VARCHAR, started_week_on DATE);
CREATE TABLE marts.category_weeks (week_on DATE, week VARCHAR, is_full BOOLEAN);
"""


@pytest.fixture
def con():
    made = models.warehouse()
    made.execute(TABLES)
    weeks = [MONDAY - timedelta(weeks=n) for n in range(120, 0, -1)]
    rows = [(week, week.strftime("%G-W%V"), True) for week in weeks]
    made.executemany("INSERT INTO marts.category_weeks VALUES (?, ?, ?)", rows)
    for name in ("nowcasts", "nowcast_checks", "filed_shares"):
        tables.create(made, name)
    return made


def filed(con, name: str, week_on: date, known_on: date, source: str = "own") -> None:
    con.execute(
        "INSERT INTO intermediate.int_known_revisions VALUES (?, ?, ?::DATE::TIMESTAMPTZ)", [name, source, known_on]
    )
    con.execute("INSERT INTO intermediate.int_current_records VALUES (?, 'c', true)", [name])
    con.execute("INSERT INTO intermediate.int_incident_starts VALUES (?, ?)", [name, week_on])


def test_years_of_records_in_a_first_delivery_are_no_late_filing(con):
    for week in range(1, 120):
        for n in range(3):
            filed(con, f"R{week}-{n}", MONDAY - timedelta(weeks=week), MONDAY)
    models.build(con, "int_filing_delays")
    assert con.execute("SELECT DISTINCT delay_days FROM intermediate.int_filing_delays").fetchall() == [(None,)]
    assert nowcast.write(con) == 0
    assert con.execute("SELECT count(*) FROM analysis.filed_shares").fetchall() == [(0,)]


def test_what_a_first_delivery_brought_counts_among_the_filed_once_delays_are_known(con):
    for week in range(1, 120):
        monday = MONDAY - timedelta(weeks=week)
        filed(con, f"R{week}", monday, monday + timedelta(days=9 if week % 2 else 3))
        filed(con, f"B{week}", monday, MONDAY - timedelta(days=1), source="brought")
    models.build(con, "int_filing_delays")
    nowcast.write(con)
    found = con.execute("SELECT age_days, filed, of_delays FROM analysis.nowcasts").fetchall()
    assert found == [(7, 1, 103)]  # the newest week: one brought, one still to come


def test_a_start_moved_past_the_day_of_filing_is_filed_at_once(con):
    filed(con, "first", MONDAY - timedelta(weeks=20), MONDAY - timedelta(weeks=20))
    filed(con, "moved", MONDAY - timedelta(weeks=1), MONDAY - timedelta(weeks=2))
    models.build(con, "int_filing_delays")
    assert con.execute("SELECT week_on, delay_days FROM intermediate.int_filing_delays ORDER BY ALL").fetchall() == [
        (MONDAY - timedelta(weeks=20), 0),
        (MONDAY - timedelta(weeks=1), 0),
    ]


def test_a_source_with_a_new_name_keeps_the_delays_of_the_old_one(con):
    for week in (30, 20):
        filed(con, f"R{week}", MONDAY - timedelta(weeks=week), MONDAY - timedelta(days=7 * week - 2), source="old")
        values = [f"R{week}", MONDAY - timedelta(weeks=3)]
        con.execute("INSERT INTO intermediate.int_known_revisions VALUES (?, 'new', ?::DATE::TIMESTAMPTZ)", values)
    models.build(con, "int_filing_delays")
    found = con.execute("SELECT delay_days FROM intermediate.int_filing_delays ORDER BY week_on").fetchall()
    assert found == [(None,), (2,)]  # the week in which the watch began is not whole
