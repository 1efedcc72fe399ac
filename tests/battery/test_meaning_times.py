"""Section B, times: a written time is the moment it says, or it is refused by name.

Here: single texts, and where they are typed. Not here: the order of a chronology and durations
(test_meaning_histories.py). Single texts that are refused for their form: tests/unit/test_shape_errors.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import settings as project_settings
from pipelines.contract import bundle
from pipelines.ingest import zones
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.load import HERE
from pipelines.ingest.times import problem
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from tests.battery import WHOLE
from tests.projects import Project, record

KEEPER = Gatekeeper(Contract(bundle.load()), b"k" * 32)
ZONES = sorted(available_timezones() - {"localtime", "posixrules"})
HOUR = timedelta(hours=1)
MORE = settings(max_examples=3_000 if WHOLE else 150, deadline=None, derandomize=not WHOLE)


@pytest.fixture(scope="module")
def typed():
    """What the typed column of a text holds, in UTC without saying so; None for none."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Kolkata'")  # a session's zone decides nothing
    con.execute((HERE / "raw_macros.sql").read_text())
    return lambda text, zone: con.execute("SELECT timezone('UTC', instant_utc(?, ?))", [text, zone]).fetchone()[0]


def admitted(text: str, zone: str | None = None) -> Admitted | list:
    """The record that says `text` where a moment is asked for: as it is kept, or its faults."""
    written = record(1)
    written["chronology"]["resolved_at"] = text
    found = KEEPER.admit(Source("own", Path(), "*", "native", time_zone=zone), written, dict)
    return found if isinstance(found, Admitted) else found[0]


@st.composite
def with_offset(draw) -> tuple[str, datetime | None]:
    """Something of the form of a clock time with its offset, and the moment in UTC if it is real."""
    year, month, day = draw(st.integers(1895, 2205)), draw(st.integers(0, 13)), draw(st.integers(0, 32))
    hour, minute, second = draw(st.integers(0, 24)), draw(st.integers(0, 60)), draw(st.integers(0, 60) | st.none())
    part = draw(st.sampled_from(["", "5", "123456", "1234567"])) if second is not None else ""
    sign, hours, minutes = draw(st.sampled_from("+-")), draw(st.integers(0, 15)), draw(st.sampled_from([0, 30, 59, 60]))
    text = f"{year:04}-{month:02}-{day:02}{draw(st.sampled_from('T '))}{hour:02}:{minute:02}"
    text += "" if second is None else f":{second:02}"
    text += f".{part}" if part else ""
    if draw(st.booleans()):
        sign, hours, minutes, text = "+", 0, 0, text + "Z"
    else:
        text += f"{sign}{hours:02}{draw(st.sampled_from([':', '']))}{minutes:02}"
    shift = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
    try:
        local = datetime(year, month, day, hour, minute, second or 0, int(part.ljust(6, "0")[:6]))
    except ValueError:
        return text, None
    is_real = 1900 <= year <= 2199 and len(part) <= 6 and minutes <= 59 and -12 * HOUR <= shift <= 14 * HOUR
    return text, local - shift if is_real else None


@MORE
@given(with_offset())
def test_a_time_with_its_offset_is_the_moment_it_says_or_is_refused(typed, drawn) -> None:
    text, moment = drawn
    found = admitted(text)
    if moment:
        assert isinstance(found, Admitted), found
        assert typed(text, None) == moment
    else:
        assert [(fault.code, fault.field) for fault in found] == [("PM024", "chronology.resolved_at")], text


CLOCKS = duckdb.connect()
CLOCKS.execute("SET TimeZone = 'UTC'")
SHOWN = """
SELECT moment FROM (SELECT unnest(generate_series(
    $local::TIMESTAMP - INTERVAL 1560 MINUTE, $local::TIMESTAMP + INTERVAL 1560 MINUTE, INTERVAL 1 MINUTE)) AS moment)
WHERE timezone($zone, timezone('UTC', moment)) = $local
"""


@st.composite
def clock_times(draw) -> tuple[str, datetime]:
    """A zone and a time its clocks may show, half of them within hours of a change of the clocks."""
    zone = draw(st.sampled_from(ZONES))
    year = draw(st.integers(2000, 2040))
    local = datetime(year, 1, 1) + timedelta(minutes=draw(st.integers(0, 365 * 1440 - 1)))
    starts, offsets = zones._changes(zone, year)
    if len(starts) > 1 and draw(st.booleans()):
        change = draw(st.integers(1, len(starts) - 1))
        local = starts[change] + offsets[change - 1] + timedelta(minutes=draw(st.integers(-180, 180)))
    return zone, local.replace(second=0)


@MORE
@given(clock_times())
def test_a_time_without_offset_is_the_one_moment_at_which_the_zones_clocks_showed_it(typed, drawn) -> None:
    zone, local = drawn
    text = local.strftime("%Y-%m-%d %H:%M")
    rows = CLOCKS.execute(SHOWN, {"zone": zone, "local": local}).fetchall()
    shown = [moment for (moment,) in rows]  # every minute in reach at which DuckDB's clock of the zone shows this time
    said = problem(text, zone)
    assert (said and said[0]) == {0: "PM041", 1: None, 2: "PM042"}[len(shown)], (drawn, shown)
    if len(shown) == 1:
        assert typed(text, zone) == shown[0]


NO_MOMENTS = """2026-05-04T06:00:60Z|2026-12-31T23:59:60Z|2026-05-04T24:00Z|9999-12-31|9999-12-31T23:59:59Z|infinity
|-infinity|epoch|1899-12-31|2200-01-01|0000-00-00|2026-02-29|2026-05-04T06:00+14:01|2026-05-04T06:00-12:01
|2026-05-04T06:00+99:00|2026-05-04T06:00 Europe/Paris|2026-05-04T06:00[Europe/Paris]|1777874400|2026-W19-1|2026-124
|٢٠٢٦-٠٥-٠٤|2026‐05‐04|2026-05-04T06:00Z\u200b|-2026-05-04|NaN|null|today""".replace("\n", "").split("|")


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_what_no_calendar_and_no_clock_shows_is_refused_where_a_moment_is_asked_for(text: str) -> None:
    assert [(fault.code, fault.field) for fault in admitted(text, "UTC")] == [("PM024", "chronology.resolved_at")]


@pytest.mark.parametrize(
    "text", ["9999-12-31", "infinity", "2026-02-29", "0001-01-01", "2026-05", "20260504", "٢٠٢٦-٠٥-٠٤"]
)
def test_what_is_no_day_is_refused_where_a_day_is_asked_for(text: str) -> None:
    written = record(1, actions=[{"id": "A1", "title": "a", "due_on": text}])
    faults, _ = KEEPER.admit(Source("own", Path(), "*", "native"), written, dict)
    assert [(fault.code, fault.field) for fault in faults] == [("PM024", "actions[0].due_on")]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "GMT+25", "+02:00", "europe/copenhagen", "../../etc/passwd", "localtime"]
)
def test_a_source_in_a_zone_that_is_not_there_or_that_is_the_machines_is_a_wrong_setting(
    project: Project, zone: str
) -> None:
    project.declare([{"name": "own", "glob": "records/*", "reader": "native", "time_zone": zone}])
    with pytest.raises(project_settings.SettingsError, match="source own: no time zone"):
        _ = project.settings.sources


def test_a_zone_that_only_pythons_tables_hold_is_a_wrong_setting_and_places_nothing(project: Project) -> None:
    with pytest.raises(project_settings.SettingsError, match="knows no time zone 'Europe/Newtown'"):
        problem("2026-05-04 06:00", "Europe/Newtown")


def test_a_time_the_clocks_skip_or_repeat_costs_its_own_record_and_the_fix_is_accepted(project: Project) -> None:
    project.declare([{"name": "own", "glob": "records/*", "reader": "native", "time_zone": "Europe/Copenhagen"}])
    for number, text in enumerate(
        ["2026-03-29 02:30", "2026-10-25 02:30", "2026-10-25T02:30+01:00", "2026-10-25 03:00"]
    ):
        one = record(number)
        one["chronology"] = {"impact_started_at": "2026-01-01", "detected_at": text}
        project.write(f"{number}.yml", one)
    summary = project.ingest()["records"]
    assert (summary["accepted"], summary["quarantined"]) == (2, 2)
    assert project.query("SELECT path, line, field, code FROM raw.quarantine ORDER BY path") == [
        ("0.yml", 11, "chronology.detected_at", "PM041"),
        ("1.yml", 11, "chronology.detected_at", "PM042"),
    ]
    assert project.query("SELECT strftime(chronology_detected_at, '%H:%M') FROM raw.records ORDER BY record_id") == [
        ("01:30",), ("02:00",),
    ]  # fmt: skip


def test_a_time_of_others_that_the_clocks_skip_or_repeat_is_known_to_its_day_and_no_better(project: Project) -> None:
    (project.home / "log.sql").write_text(
        "SELECT path, item, id, {title: id, chronology: {detected_at: instant(seen, seen, 'Europe/Copenhagen')}} "
        "AS record FROM rows"
    )
    # the zone of the source must not place what the mapping left open
    source = {"name": "log", "glob": "*.csv", "reader": "csv", "mapping": "log.sql", "time_zone": "UTC"}
    project.declare([source])
    written = {
        "2026-03-29 01:59": "2026-03-29T01:59+01:00", "2026-03-29 02:30": "2026-03-29",
        "2026-03-29 03:00": "2026-03-29T03:00+02:00", "2026-10-25 01:59": "2026-10-25T01:59+02:00",
        "2026-10-25 02:30": "2026-10-25", "2026-10-25 03:00": "2026-10-25T03:00+01:00",
        "2026-10-25 02:30 CEST": "2026-10-25T02:30+02:00",
    }  # fmt: skip
    rows = [f"T-{number},{text}" for number, text in enumerate(written)]
    (project.home / "a.csv").write_text("id,seen\n" + "\n".join(rows) + "\n")
    project.ingest()
    found = project.query("SELECT chronology_detected_at_text FROM raw.records ORDER BY record_id")
    assert [text for (text,) in found] == list(written.values())


def test_a_time_of_writing_that_is_still_to_come_is_not_known_before_it_was_received(project: Project) -> None:
    project.declare([{"name": "own", "glob": "records/*", "reader": "native", "trusted_times": True}])
    project.write("one.yml", record(1, recorded_at="2031-01-01T00:00Z"))
    project.ingest()
    assert project.query("SELECT known_at = received_at, year(recorded_at) FROM raw.revisions") == [(True, 2031)]
