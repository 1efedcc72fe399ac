"""Section B over whole histories: no duration made up, no week that loses an incident, no history that the order of
delivery decides.

Here: chronologies and deliveries at random, judged together in one warehouse. Not here: how they are made
(chronicles.py), single rules (tests/unit/test_quality_rules.py), single outcomes of a delivery
(tests/integration/test_ingest_history.py).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import duckdb
import pytest

from pipelines import clock
from pipelines.analysis import steps
from pipelines.report import facts, weeks
from pipelines.warehouse import connect
from tests.battery import WHOLE, chronicles
from tests.battery.chronicles import PHASES, ZONES
from tests.integration.test_section_marts import build
from tests.projects import Project, record

DELIVERIES = 4
LAST = datetime(2041, 2, 4, 6, tzinfo=UTC)
HISTORIES = chronicles.histories(2_000 if WHOLE else 100, DELIVERIES, LAST - timedelta(days=9), seed=11)
NEW_YEARS = chronicles.new_years(2001, 2041)
IMPOSSIBLE = {"PAST": "1970-01-01T00:00Z", "CENTURY": "1926-11-16", "AHEAD": "2055-01-01T00:00Z"}
TEAMS = (
    "Caf\u00e9 Team",
    "cafe\u0301 team",
    "Caf\u00e9\u00a0Team",
    "Ca\u200bf\u00e9 Team",
    "\u202eCaf\u00e9\u2003TEAM\u202c",
)


@pytest.fixture(scope="module")
def chronologies() -> dict[str, tuple]:
    return {f"AT-{n:05}": one for n, one in enumerate(chronicles.drawn(5_000 if WHOLE else 300))}


@pytest.fixture(scope="module")
def con(chronologies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models over four deliveries, one a day."""
    project = Project(tmp_path_factory.mktemp("histories"))
    native = {"reader": "native", "time_zone": "UTC"}
    sources = [{"name": name, "glob": f"{name}/*", "reader": "native", "time_zone": ZONES[name]} for name in ZONES]
    sources += [{"name": "kept", "glob": "kept/*", "trusted_times": True} | native]
    project.declare([*sources, {"name": "years", "glob": "years/*"} | native])
    rows = defaultdict(list)
    for record_id, (source, written, stated) in chronologies.items():
        rows[0, f"{source}/all.ndjson"].append(chronicles.as_record(record_id, written, stated))
    for history in HISTORIES:
        for number, written_at, delivery in history.revisions:
            about = {"revision": number, "recorded_at": written_at.isoformat()}
            rows[delivery, f"kept/{delivery}.ndjson"].append(record(7, id=history.record_id, title=f"{number}") | about)
    for n, (record_id, (text, _)) in enumerate(NEW_YEARS.items()):
        one = record(n, id=record_id) | {"chronology": {"impact_started_at": text, "detected_at": "unknown"}}
        rows[0, "years/all.ndjson"].append(one)
    for record_id, text in IMPOSSIBLE.items():
        one = record(1, id=record_id) | {"chronology": {"impact_started_at": text, "detected_at": "unknown"}}
        rows[0, "years/all.ndjson"].append(one)
    actions = [{"id": f"A{n}", "title": "a", "owner_team": team} for n, team in enumerate(TEAMS)]
    rows[0, "years/all.ndjson"].append(record(2, id="NAMES", actions=actions))
    with pytest.MonkeyPatch.context() as patch:
        for delivery in range(DELIVERIES):
            for (when, name), records in rows.items():
                if when == delivery:
                    Random(delivery).shuffle(records)
                    path = project.home / name
                    path.parent.mkdir(exist_ok=True)
                    path.write_text("".join(json.dumps(one) + "\n" for one in records))
            patch.setenv("FAULTLINES_NOW", (LAST - timedelta(days=DELIVERIES - 1 - delivery)).isoformat())
            done = build(project.settings) if delivery == DELIVERIES - 1 else project.ingest()
    with connect(done) as writer:
        steps.all_of(writer)
    with connect(done, read_only=True) as reader:
        yield reader


def test_a_record_with_a_time_that_has_no_moment_is_set_aside_and_every_other_is_kept(con, chronologies) -> None:
    kept = {record_id for (record_id,) in con.execute("SELECT record_id FROM marts.incidents").fetchall()}
    means_one = {
        key: all(moment.is_placed for moment in written.values()) for key, (_, written, _) in chronologies.items()
    }
    assert chronologies.keys() & kept == {record_id for record_id, is_placed in means_one.items() if is_placed}
    assert list(means_one.values()).count(False) > 10
    assert kept >= NEW_YEARS.keys() | {history.record_id for history in HISTORIES}


def test_no_duration_is_negative_made_up_or_lost(con, chronologies) -> None:
    set_aside = set(con.execute(
        "SELECT record_id, phase FROM (SELECT record_id, unnest(sets_aside) AS phase FROM quality.findings "
        "JOIN quality.rules USING (rule))"
    ).fetchall())  # fmt: skip
    measured = {
        (record_id, phase, basis): (minutes, rule)
        for record_id, phase, basis, minutes, rule in con.execute(
            "SELECT record_id, phase, basis, minutes, set_aside_by FROM marts.incident_phases"
        ).fetchall()
    }
    seen = Counter()
    for record_id, (_, written, stated) in chronologies.items():
        if not all(moment.is_placed for moment in written.values()):
            continue
        for phase, (first, last) in PHASES.items():
            start, end = written.get(first), written.get(last)
            found = measured.pop((record_id, phase, "computed"), None)
            exact = (end.at - start.at).total_seconds() / 60 if start and end and start.at and end.at else None
            is_aside = (record_id, phase) in set_aside
            if start is None or end is None:
                assert found is None, "a duration of a moment that was not written"
            elif exact is None or exact < 0 or is_aside:
                assert found is not None and found[0] is None, (start, end)
                assert found[1] is not None or not (is_aside or exact), "set aside, and nobody told why"
                seen["negative"] += exact is not None and exact < 0
            else:
                assert found == (pytest.approx(exact, abs=1e-9), None), (start, end)
                seen["exact"] += 1
            assert measured.pop((record_id, phase, "stated"), (None, None))[0] == stated.get(phase)
    assert not [key for key in measured if key[0] in chronologies], "durations of records that are not there"
    assert min(seen["negative"], seen["exact"]) > 50


def test_every_order_of_delivery_gives_the_one_known_history(con) -> None:
    known = defaultdict(list)
    for record_id, *span in con.execute(
        "SELECT record_id, stated_revision, known_from, known_to FROM intermediate.int_known_revisions "
        "JOIN raw.revisions USING (record_id, revision_id) WHERE starts_with(record_id, 'KEPT') ORDER BY 1, 3"
    ).fetchall():
        known[record_id].append(tuple(span))
    orders = {tuple(delivery for *_, delivery in history.revisions) for history in HISTORIES}
    assert len(orders) > 40
    for history in HISTORIES:
        assert known[history.record_id] == history.known, history


def test_the_weeks_around_every_new_year_are_iso_weeks_in_utc_and_sum_to_the_whole(con) -> None:
    found = dict(
        con.execute("SELECT record_id, started_week FROM marts.incidents WHERE starts_with(record_id, 'NY')").fetchall()
    )
    for record_id, (text, moment) in NEW_YEARS.items():
        assert found[record_id] == "{}-W{:02}".format(*moment.isocalendar()), text
    first = min(moment for _, moment in NEW_YEARS.values()).date()
    monday = first - timedelta(days=first.weekday())
    every = [monday + timedelta(days=7 * n) for n in range((LAST.date() - monday).days // 7 + 1)]
    for (category,) in con.execute("SELECT DISTINCT category FROM marts.category_weeks").fetchall():
        written = con.execute(
            "SELECT week, week_on FROM marts.category_weeks WHERE category = ? ORDER BY week_on", [category]
        ).fetchall()
        assert written == [("{}-W{:02}".format(*day.isocalendar()), day) for day in every]
    whole = con.execute("SELECT count(*) FROM marts.incidents WHERE is_counted AND started_week IS NOT NULL").fetchone()
    assert con.execute("SELECT sum(incidents) FROM marts.category_weeks").fetchone() == whole
    of_week = Counter(con.execute("SELECT started_week FROM marts.incidents WHERE is_counted").fetchall())
    for week, n in con.execute("SELECT week, sum(incidents) FROM marts.category_weeks GROUP BY week").fetchall():
        assert n == of_week[week,], week


def test_a_start_that_cannot_be_stretches_no_week_and_its_record_is_kept(con) -> None:
    found = con.execute("SELECT record_id, started_week, is_counted FROM marts.incidents ORDER BY 1").fetchall()
    assert [row for row in found if row[0] in IMPOSSIBLE] == [(one, None, True) for one in sorted(IMPOSSIBLE)]
    (first,) = con.execute("SELECT min(week_on) FROM marts.category_weeks").fetchone()
    assert first.year == 2000


def test_a_team_is_one_team_whatever_its_name_holds_that_nobody_sees(con) -> None:
    assert con.execute("SELECT team_key, n_spellings, n_actions FROM marts.teams").fetchall() == [
        ("caf\u00e9 team", 5, 5)
    ]


def test_a_page_of_every_week_at_new_year_counts_what_the_calendar_counts(con) -> None:
    of_week = dict(
        con.execute("SELECT started_week, count(*) FROM marts.incidents WHERE is_counted GROUP BY 1").fetchall()
    )
    for week in ("2004-W53", "2009-W53", "2020-W53", "2021-W01", "2032-W53", "2040-W52", "2041-W01"):
        shown = [row for card in facts.build(con, week, LAST, "test")["changes"]["cards"] for row in card["weeks"]]
        counted = Counter()
        for row in shown:
            counted[row["week"]] += row["incidents"]
        last = weeks.monday(week)
        every = ["{}-W{:02}".format(*(last - timedelta(days=7 * n)).isocalendar()) for n in range(26)]
        assert counted == {each: of_week.get(each, 0) for each in every}


def test_every_day_of_the_years_is_in_the_week_the_calendar_says() -> None:
    for ordinal in range(date(2000, 1, 1).toordinal(), date(2041, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        week = "{}-W{:02}".format(*day.isocalendar())
        moment = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
        assert clock.week_of(moment) == week
        assert clock.last_full_week(moment) == "{}-W{:02}".format(*(day - timedelta(days=7)).isocalendar())
        assert weeks.monday(week) == day - timedelta(days=day.weekday())
