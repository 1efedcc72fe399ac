"""What counts before and after an action, and what keeps a fix from being called a success, over small tables.

Not here: the closed forms (test_analysis_references.py), what is planted in an organisation (tests/integration).
"""

from datetime import date, timedelta

import pytest

from pipelines.analysis import prevention, survival
from validation import models

TABLES = """
CREATE TABLE raw.as_of AS SELECT TIMESTAMPTZ '2026-11-23 06:00:00+00' AS as_of;
CREATE TABLE marts.category_weeks AS SELECT DATE '2024-01-01' AS week_on;
CREATE TABLE marts.incidents (record_id VARCHAR, is_counted BOOLEAN, started_at TIMESTAMPTZ, started_week_on DATE);
CREATE TABLE marts.actions (record_id VARCHAR, position INTEGER, action_id VARCHAR, owner_team VARCHAR,
    in_force_on DATE, is_open BOOLEAN);
CREATE TABLE intermediate.int_repeats (record_id VARCHAR);
CREATE TABLE intermediate.int_facets (record_id VARCHAR, facet VARCHAR, value VARCHAR);
CREATE TABLE intermediate.int_action_scopes (record_id VARCHAR, position INTEGER, places VARCHAR[], codes VARCHAR[]);
CREATE TABLE intermediate.int_known_revisions (record_id VARCHAR, known_from TIMESTAMPTZ);
CREATE TABLE analysis.fault_lines (line_id VARCHAR, rank INTEGER, artifact VARCHAR, service VARCHAR,
    last_action_record_id VARCHAR, last_action_id VARCHAR, last_action_on DATE);
CREATE TABLE analysis.fault_line_incidents (line_id VARCHAR, record_id VARCHAR);
CREATE TABLE analysis.filed_shares (age_days INTEGER, filed_share DOUBLE);
"""
LED_TO_IT, ACTED, TODAY = date(2025, 9, 10), date(2025, 10, 1), date(2026, 11, 23)


class House:
    """Incidents of service `pay`, one action against code `schema` in it."""

    def __init__(self) -> None:
        self.con = models.warehouse()
        self.con.execute(TABLES)
        self.n = 0

    def incident(self, day: date, code: str | None = "schema", service: str = "pay", is_placed: bool = True) -> str:
        self.n += 1
        name = f"R{self.n}"
        week = day - timedelta(days=day.weekday()) if is_placed else None
        self.con.execute("INSERT INTO marts.incidents VALUES (?, true, ?::DATE::TIMESTAMPTZ, ?)", [name, day, week])
        self.con.execute("INSERT INTO intermediate.int_facets VALUES (?, 'service', ?)", [name, service])
        if code:
            self.con.execute("INSERT INTO intermediate.int_facets VALUES (?, 'root_cause', ?)", [name, code])
        return name

    def every(self, days: int, first: date, last: date, **what) -> None:
        for n in range((last - first).days // days + 1):
            self.incident(first + timedelta(days=n * days), **what)

    def judged(self, in_force_on: date | None = ACTED, led_to_it: date = LED_TO_IT) -> dict:
        name = self.incident(led_to_it)
        values = [name, in_force_on, in_force_on is None]
        self.con.execute("INSERT INTO marts.actions VALUES (?, 1, 'A1', 'team', ?, ?)", values)
        self.con.execute(
            f"INSERT INTO intermediate.int_action_scopes VALUES ('{name}', 1, ['service pay'], ['schema'])"
        )
        self.con.execute("INSERT INTO intermediate.int_known_revisions VALUES (?, TIMESTAMPTZ '2025-09-20')", [name])
        prevention.write(self.con)
        survival.write(self.con)
        found = self.con.execute("SELECT * FROM analysis.prevention")
        return dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))

    def curve(self, name: str) -> list[tuple]:
        columns = "days, at_risk, events FROM analysis.survival"
        return self.con.execute(f"SELECT {columns} WHERE curve = '{name}' ORDER BY days").fetchall()


@pytest.fixture
def house() -> House:
    made = House()
    made.every(20, date(2024, 1, 10), date(2025, 6, 1))
    made.every(5, date(2024, 1, 1), TODAY, service="web")
    return made


def test_quiet_after_many_is_reduced(house):
    found = house.judged()
    assert (found["incidents_before"], found["incidents_after"], found["verdict"]) == (26, 0, "reduced")


def test_what_has_no_code_yet_may_be_in_scope_and_is_no_success(house):
    house.every(20, date(2025, 10, 10), TODAY, code=None)
    found = house.judged()
    assert (found["incidents_after"], found["uncoded_after"], found["verdict"]) == (0, 21, "cannot tell")
    assert found["cannot_tell_until"] > TODAY
    assert found["p_reduced"] < 0.9


def test_what_was_never_coded_and_is_not_now_keeps_no_fix_from_being_one(house):
    house.every(20, date(2024, 1, 10), TODAY, code=None)
    found = house.judged()
    assert (found["uncoded_before"], found["uncoded_after"], found["verdict"]) == (26, 21, "reduced")


def test_the_same_number_under_another_code_is_no_success_and_has_no_day(house):
    house.every(20, date(2025, 10, 10), TODAY, code="code_defect")
    found = house.judged()
    assert (found["beside_before"], found["beside_after"], found["verdict"]) == (0, 21, "cannot tell")
    assert found["cannot_tell_until"] is None


def test_other_codes_that_went_on_as_before_keep_no_fix_from_being_one(house):
    house.every(20, date(2024, 1, 10), TODAY, code="code_defect")
    assert house.judged()["verdict"] == "reduced"


def test_a_start_without_a_day_is_neither_before_nor_after(house):
    house.incident(date(2026, 5, 1), is_placed=False)
    house.incident(date(2024, 5, 1), is_placed=False)
    found = house.judged()
    assert (found["incidents_before"], found["incidents_after"]) == (26, 0)


def test_an_action_not_in_force_has_no_after_and_stays_open_to_this_day(house):
    found = house.judged(in_force_on=None)
    assert found["verdict"] == "not implemented"
    assert (found["incidents_after"], found["days_after"]) == (None, None)
    assert house.curve("action_closure") == [((TODAY - date(2025, 9, 20)).days, 1, 0)]


def test_an_action_in_force_before_its_own_incident_is_watched_from_then_on():
    house = House()
    house.every(100, date(2024, 1, 10), date(2025, 6, 1))
    house.incident(LED_TO_IT + timedelta(days=11))
    found = house.judged(in_force_on=date(2025, 1, 1))
    assert house.curve("recurrence") == [(10, 1, 1)]
    assert found["days_after"] == (TODAY - LED_TO_IT).days - 1
    assert found["cannot_tell_until"] > TODAY


def test_what_is_dated_after_this_day_has_not_come_back(house):
    house.incident(TODAY + timedelta(days=1))
    house.judged()
    assert house.curve("recurrence") == [((TODAY - ACTED).days, 1, 0)]


def test_an_incident_filed_five_times_is_one_incident_before_a_fix():
    once, five = House(), House()
    for one in (once, five):
        one.every(5, date(2024, 1, 1), TODAY, service="web")
        one.every(150, date(2024, 2, 1), date(2025, 5, 1))
        for _ in range(4 if one is five else 0):
            first = one.n
            one.every(150, date(2024, 2, 1), date(2025, 5, 1))
            names = [f"R{n}" for n in range(first + 1, one.n + 1)]
            one.con.execute("INSERT INTO intermediate.int_repeats SELECT unnest(?)", [names])
    told = [one.judged() for one in (once, five)]
    assert {key: told[0][key] for key in told[0] if key != "record_id"} == {
        key: told[1][key] for key in told[1] if key != "record_id"
    }
    assert told[0]["incidents_before"] == 4 and told[0]["verdict"] == "cannot tell"
