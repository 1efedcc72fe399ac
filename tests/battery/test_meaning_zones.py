"""Section B, zones: a clock time without an offset is the one moment at which its zone's clocks showed it, or none.

Here: every zone, around its changes of the clocks, of a source and of a mapping. Not here: times that say their offset
(test_meaning_times.py), what is said of each (tests/unit/test_shape_errors.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import available_timezones

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import settings as project_settings
from pipelines.ingest import zones
from pipelines.ingest.load import HERE
from pipelines.ingest.times import problem
from tests.battery import WHOLE
from tests.projects import Project, record

ZONES = sorted(available_timezones() - {"localtime", "posixrules"})
SHOWN = """
SELECT moment FROM (SELECT unnest(generate_series(
    $local::TIMESTAMP - INTERVAL 1560 MINUTE, $local::TIMESTAMP + INTERVAL 1560 MINUTE, INTERVAL 1 MINUTE)) AS moment)
WHERE timezone($zone, timezone('UTC', moment)) = $local
"""


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Kolkata'")  # a session's zone decides nothing
    con.execute((HERE / "raw_macros.sql").read_text())
    return con


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


@settings(max_examples=3_000 if WHOLE else 150, deadline=None, derandomize=not WHOLE)
@given(clock_times())
def test_a_time_without_offset_is_the_one_moment_at_which_the_zones_clocks_showed_it(con, drawn) -> None:
    zone, local = drawn
    text = local.strftime("%Y-%m-%d %H:%M")
    rows = con.execute(SHOWN, {"zone": zone, "local": local}).fetchall()
    shown = [moment for (moment,) in rows]  # every minute in reach at which DuckDB's clock of the zone shows this time
    said = problem(text, zone)
    assert (said and said[0]) == {0: "PM041", 1: None, 2: "PM042"}[len(shown)], (drawn, shown)
    if len(shown) == 1:
        typed = con.execute("SELECT timezone('UTC', instant_utc(?, ?))", [text, zone]).fetchone()
        assert typed == (shown[0],)


@pytest.mark.parametrize(
    "zone",
    ["Mars/Olympus", "GMT+25", "+02:00", "europe/copenhagen", "../../etc/passwd", "localtime", "posixrules", "America"],
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
