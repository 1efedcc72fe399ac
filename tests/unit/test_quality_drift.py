"""Drift of completeness: a field that fades from the newest records is told, chance and habit are not."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta

import pytest

from pipelines.contract import bundle
from pipelines.quality import drift, expectations, gate, rules
from pipelines.quality.thresholds import Override
from tests.unit.quality_raw import RECEIVED, Delivery, declare, failing, load, of_one_rule, raw_tables

SUITE = of_one_rule(expectations.load(rules.load(), bundle.load()))
FADES, VANISHES = "fields_stay_common", "vital_fields_stay"
FULL = {
    "title": "Limits too high",
    "stage": "draft",
    "chronology": {"impact_started_at": "2026-05-04T06:40Z", "detected_at": "2026-05-04T07:40Z"},
    "timeline": [{"at": "2026-05-04T07:00Z", "event": "seen"}],
}


def records(first: int, count: int, **changes) -> list[dict]:
    whole = {key: value for key, value in (FULL | changes).items() if value is not None}
    return [{"id": f"R{n:04d}", **whole} for n in range(first, first + count)]


def deliver(*deliveries: list[dict], source: str = "feed"):
    con = raw_tables()
    declare(con, source)
    load(con, [Delivery(one, source, n, RECEIVED + timedelta(days=n)) for n, one in enumerate(deliveries, 1)])
    return con


def told(con, suite=SUITE) -> dict[tuple, str]:
    return {key: severity for key, severity in failing(con, suite).items() if key[0] in (FADES, VANISHES)}


def test_a_field_that_fades_from_the_newest_records_is_told_with_its_source_and_stage():
    con = deliver(records(0, 60), records(60, 40, timeline=None))
    assert told(con) == {(FADES, "feed", "timeline (draft)"): "warning"}
    (share,) = [one for one in gate.count(con, SUITE) if one.subject == "timeline (draft)"]
    assert (share.evaluated, share.failed, share.needed) == (40, 40, pytest.approx(0.9))


def test_a_first_delivery_and_one_of_too_few_cannot_be_told():
    for con in (deliver(records(0, 200)), deliver(records(0, 200), records(200, 29, timeline=None))):
        assert told(con) == {}
        told_of = [one for one in gate.count(con, SUITE) if one.expectation == FADES]
        assert [(one.source, one.at_best) for one in told_of] == [("feed", None)]


def test_records_that_come_one_by_one_are_told_from_the_thirtieth_on():
    singles = [records(n, 1, timeline=None) for n in range(60, 90)]
    assert told(deliver(records(0, 60), *singles[:-1])) == {}
    assert told(deliver(records(0, 60), *singles)) == {(FADES, "feed", "timeline (draft)"): "warning"}


def test_a_source_that_grows_with_complete_records_is_silent():
    assert told(deliver(records(0, 40), records(40, 300))) == {}


def test_drafts_are_not_held_against_published_records():
    causes = {"root_causes": [{"id": "RC1", "code": "missing_validation"}]}
    con = deliver(records(0, 60, stage="published", **causes), records(60, 40))
    assert told(con) == {}
    assert told(deliver(records(0, 60, **causes), records(60, 40))) != {}


def test_a_lost_list_is_told_once_and_a_lost_field_of_its_entries_by_itself():
    actions = [{"id": "A1", "title": "Watch it", "due_on": "2026-06-01"}]
    undated = [{"id": "A1", "title": "Watch it"}]
    assert told(deliver(records(0, 60, actions=actions), records(60, 40))) == {
        (FADES, "feed", "actions (draft)"): "warning"
    }
    assert told(deliver(records(0, 60, actions=actions), records(60, 40, actions=undated))) == {
        (FADES, "feed", "actions[].due_on (draft)"): "warning"
    }


@pytest.mark.parametrize(("earlier", "tells"), [(29, False), (30, True)])
def test_too_few_earlier_records_tell_nothing(earlier, tells):
    con = deliver(records(0, earlier), records(100, 40, timeline=None))
    assert bool(told(con)) == tells


@pytest.mark.parametrize(("with_actions", "tells"), [(29, False), (30, True)])
def test_a_field_of_entries_needs_so_many_records_that_have_the_list(with_actions, tells):
    dated = [{"id": "A1", "title": "Watch it", "due_on": "2026-06-01"}]
    undated = [{"id": "A1", "title": "Watch it"}]
    earlier = [*records(0, 45, actions=dated), *records(45, 15)]
    con = deliver(earlier, [*records(60, with_actions, actions=undated), *records(100, 40 - with_actions)])
    assert told(con) == ({(FADES, "feed", "actions[].due_on (draft)"): "warning"} if tells else {})


def test_what_is_written_long_after_arrival_is_not_missed():
    old = [{"id": "A1", "title": "x", "status": "done", "verifications": [{"on": "2026-07-01", "result": "held"}]}]
    con = deliver(records(0, 60, actions=old), records(60, 40, actions=[{"id": "A1", "title": "x"}]))
    assert told(con) == {}


def test_a_vital_field_that_vanishes_blocks():
    late = {"detected_at": "2026-05-04T07:40Z"}
    assert told(deliver(records(0, 60), records(60, 40, chronology=late))) == {
        (FADES, "feed", "chronology.impact_started_at (draft)"): "warning",
        (FADES, "feed", "raw.records.chronology_impact_started_at (draft)"): "warning",
        (VANISHES, "feed", "chronology.impact_started_at (draft)"): "critical",
        (VANISHES, "feed", "raw.records.chronology_impact_started_at (draft)"): "critical",
    }


def test_a_time_that_is_written_and_no_longer_understood_is_told_by_its_column():
    con = deliver(records(0, 60), records(60, 40))
    con.execute("UPDATE raw.records SET chronology_detected_at = NULL WHERE record_id >= 'R0060'")
    assert told(con) == {(FADES, "feed", "raw.records.chronology_detected_at (draft)"): "warning"}


def test_a_mapping_that_reads_every_record_anew_without_a_field_is_told():
    late = {"impact_started_at": "2026-05-04T06:40Z"}
    con = deliver(records(0, 60), records(0, 60, chronology=late))
    assert (FADES, "feed", "chronology.detected_at (draft)") in told(con)


def test_a_source_may_be_spared():
    con = deliver(records(0, 60), records(60, 40, timeline=None))
    spared = dataclasses.replace(SUITE, overrides=(Override(FADES, {"needed": 0.0}, source="feed"),))
    assert told(con, spared) == {}


def test_old_records_beyond_the_newest_thousand_are_not_read():
    few = dataclasses.replace(SUITE.drift, at_most=40)
    con = deliver(records(0, 100, timeline=None), records(100, 40), records(140, 40, timeline=None))
    assert told(con, dataclasses.replace(SUITE, drift=few)) == {(FADES, "feed", "timeline (draft)"): "warning"}
    assert told(con) == {}  # of all 140 before, fewer than half had it


def simulated(con, n_then: int, n_now: int, fall: float, fields: int = 2000) -> float:
    """The share of fields told when each was there with some chance of .6 to 1 and is now with `fall` less."""
    chance = random.Random(20261125)
    rows = []
    for n in range(fields):
        p = chance.uniform(0.6, 1)
        k_then, k_now = (sum(chance.random() < q for _ in range(size)) for q, size in ((p, n_then), (p - fall, n_now)))
        rows.append(f"('s', 'draft', 'f{n}', {k_now}, {k_then}, {n_now}, {n_then})")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE drift AS SELECT * FROM (VALUES "
        f"{', '.join(rows)}) AS t(source, stage, field, k_now, k_then, n_now, n_then)"
    )
    (fades,) = [fall for fall in SUITE.drift.falls if fall.id == FADES]
    (failed,) = con.execute(
        f"SELECT count(*) FILTER (at_best < needed) FROM ({drift.shares(con, SUITE.drift, fades)})"
    ).fetchone()
    return failed / fields


@pytest.mark.parametrize(("n_then", "n_now"), [(30, 30), (60, 30), (1000, 30), (1000, 300)])
def test_chance_alone_is_told_for_less_than_one_field_of_a_thousand(n_then, n_now):
    con = deliver(records(0, 2))
    failing(con, SUITE)
    assert simulated(con, n_then, n_now, 0) < 0.001


@pytest.mark.parametrize(("n_then", "n_now", "fall", "power"), [(300, 40, 0.55, 0.9), (1000, 300, 0.3, 0.95)])
def test_a_real_fall_is_told_nearly_always(n_then, n_now, fall, power):
    con = deliver(records(0, 2))
    failing(con, SUITE)
    assert simulated(con, n_then, n_now, fall) > power
