"""Section B, times: a written time is the moment it says, or it is refused by name.

Here: single texts, and where they are typed. Not here: times without an offset (test_meaning_zones.py), the order of
a chronology and durations (test_meaning_histories.py), a first case of each kind (tests/unit/test_shape_errors.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import bundle
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.load import HERE
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from tests.battery import WHOLE
from tests.projects import Project, record

KEEPER = Gatekeeper(Contract(bundle.load()), b"k" * 32)
HOUR = timedelta(hours=1)
MORE = settings(max_examples=3_000 if WHOLE else 150, deadline=None, derandomize=not WHOLE)


@pytest.fixture(scope="module")
def typed():
    """What the typed column of a text holds, in UTC without saying so; None for none."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Kolkata'")  # a session's zone decides nothing
    con.execute((HERE / "raw_macros.sql").read_text())
    return lambda text: con.execute("SELECT timezone('UTC', instant_utc(?, NULL))", [text]).fetchone()[0]


def admitted(text: str) -> Admitted | list:
    """The record that says `text` where a moment is asked for: as it is kept, or its faults."""
    written = record(1)
    written["chronology"]["resolved_at"] = text
    found = KEEPER.admit(Source("own", Path(), "*", "native", time_zone="UTC"), written, dict)
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
        assert typed(text) == moment
    else:
        assert [(fault.code, fault.field) for fault in found] == [("PM024", "chronology.resolved_at")], text


NO_MOMENTS = """2026-05-04T06:00:60Z|2026-12-31T23:59:60Z|2026-05-04T24:00Z|9999-12-31|9999-12-31T23:59:59Z|infinity
|-infinity|epoch|1899-12-31|2200-01-01|0000-00-00|2026-02-29|2026-05-04T06:00+14:01|2026-05-04T06:00-12:01
|2026-05-04T06:00+99:00|2026-05-04T06:00 Europe/Paris|2026-05-04T06:00[Europe/Paris]|1777874400|2026-W19-1|2026-124
|٢٠٢٦-٠٥-٠٤|2026‐05‐04|2026-05-04T06:00Z\u200b|-2026-05-04|NaN|null|today""".replace("\n", "").split("|")


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_what_no_calendar_and_no_clock_shows_is_refused_where_a_moment_is_asked_for(text: str) -> None:
    assert [(fault.code, fault.field) for fault in admitted(text)] == [("PM024", "chronology.resolved_at")]


@pytest.mark.parametrize(
    "text", ["9999-12-31", "infinity", "2026-02-29", "0001-01-01", "2026-05", "20260504", "٢٠٢٦-٠٥-٠٤"]
)
def test_what_is_no_day_is_refused_where_a_day_is_asked_for(text: str) -> None:
    written = record(1, actions=[{"id": "A1", "title": "a", "due_on": text}])
    faults, _ = KEEPER.admit(Source("own", Path(), "*", "native"), written, dict)
    assert [(fault.code, fault.field) for fault in faults] == [("PM024", "actions[0].due_on")]


def test_a_time_of_writing_that_is_still_to_come_is_not_known_before_it_was_received(project: Project) -> None:
    project.declare([{"name": "own", "glob": "records/*", "reader": "native", "trusted_times": True}])
    project.write("one.yml", record(1, recorded_at="2031-01-01T00:00Z"))
    project.ingest()
    assert project.query("SELECT known_at = received_at, year(recorded_at) FROM raw.revisions") == [(True, 2031)]
