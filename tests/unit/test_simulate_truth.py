"""What the truth file says is planted lies in the records, found from the records alone.

Here: an organisation of the default size. Not here: the null organisation (test_simulate_null.py).
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta

import pytest

from pipelines.simulate import plan, truth
from pipelines.simulate.tally import Tally
from tests.unit.simulated import Organisation, in_scope, started_on, triples

SEEDS = (1, 4)


@pytest.fixture(scope="module", params=SEEDS)
def organisation(request, tmp_path_factory) -> Organisation:
    return Organisation.written(tmp_path_factory.mktemp("truth") / "organisation", seed=request.param)


def week(day: str) -> str:
    return date.fromisoformat(day).strftime("%G-W%V")


def fires(rows: list[dict], parameters: dict) -> list[str]:
    """The times at which k of the last n points come to lie above the limit."""
    above = [float(row["value"]) > parameters["above"] for row in rows]
    firing = [sum(above[max(0, n - parameters["n"] + 1) : n + 1]) >= parameters["k"] for n in range(len(rows))]
    return [rows[n]["time"] for n in range(len(rows)) if firing[n] and (n == 0 or not firing[n - 1])]


def replays(organisation: Organisation):
    """(record, signal, times fired) of every signal with a history."""
    for record in organisation.records.values():
        for signal in [one for one in record.get("signals", []) if "history" in one]:
            with open(organisation.folder / "records" / signal["history"], newline="") as file:
                yield record, signal, fires(list(csv.DictReader(file)), signal["parameters"])


def test_all_incidents_lie_in_the_weeks_of_the_truth_and_every_planted_thing_is_there(organisation):
    told = organisation.truth
    weeks = {week(started_on(record)) for record in organisation.incidents}
    assert told["first_week"] <= min(weeks) and max(weeks) <= told["last_week"] == "2026-W46"
    assert len(told["fault_lines"]) >= 3 and [fix["verdict"] for fix in told["fixes"]] == ["reduced", "no_change"]
    for name in ("rate_change", "signal", "season", "completeness_drift"):
        assert told[name] is not None


def test_a_fault_line_is_on_its_incidents_and_on_no_others(organisation):
    for line in organisation.truth["fault_lines"]:
        key = (line["code"], line["artifact"], line["factor"])
        on_it = [record for record in organisation.incidents if key in triples(record)]
        assert [record["id"] for record in on_it] == line["record_ids"]
        assert {record["category"] for record in on_it} == {line["category"]}
        teams = {cause["owner_team"] for record in on_it for cause in record["root_causes"]}
        assert sorted(teams) == line["teams"] and len(teams) >= 3 and len(on_it) == line["incidents"] >= 8
        weeks = sorted(week(started_on(record)) for record in on_it)
        assert (weeks[0], weeks[-1]) == (line["first_week"], line["last_week"])


def test_the_changed_category_has_the_rates_of_the_truth_before_and_after(organisation):
    change, n_weeks = organisation.truth["rate_change"], organisation.truth["weeks"]
    days = [started_on(record) for record in organisation.incidents if record["category"] == change["category"]]
    after = sum(week(day) >= change["from_week"] for day in days)
    assert after / 26 == pytest.approx(change["after_per_week"], abs=1e-4)
    assert (len(days) - after) / (n_weeks - 26) == pytest.approx(change["before_per_week"], abs=1e-4)
    assert change["after_per_week"] > 1.8 * change["before_per_week"]


def test_a_fix_has_the_incidents_of_its_scope_before_and_after_as_the_truth_says(organisation):
    for fix in organisation.truth["fixes"]:
        scope = [record for record in organisation.incidents if in_scope(record, fix["scope"])]
        before = [record["id"] for record in scope if started_on(record) < fix["implemented_on"]]
        after = [record["id"] for record in scope if started_on(record) >= fix["implemented_on"]]
        assert (before, after) == (fix["record_ids_before"], fix["record_ids_after"])
        assert (len(before), len(after)) == (fix["incidents_before"], fix["incidents_after"])
        assert fix["weeks_before"] + fix["weeks_after"] == 156 and fix["weeks_after"] >= 40 and len(before) >= 14
        (action,) = [one for one in organisation.records[fix["record_id"]]["actions"] if one["id"] == fix["action_id"]]
        assert (action["status"], action["implemented_on"]) == ("done", fix["implemented_on"])
        assert fix["scope"]["service"] in action["scope"]["services"]
        done = [(r["id"], a["id"]) for r in scope for a in r.get("actions", []) if a["status"] == "done"]
        causes = {one["id"] for one in organisation.records[fix["record_id"]]["root_causes"]}
        assert causes & set(action["prevents"])
        assert {record for record, _ in done} == {fix["record_id"]} and len(done) <= 2


def test_one_fix_ended_its_incidents_and_the_other_did_not(organisation):
    reduced, same = organisation.truth["fixes"]
    assert reduced["incidents_after"] <= 1
    rates = [same[f"incidents_{when}"] / same[f"weeks_{when}"] for when in ("before", "after")]
    assert rates[1] == pytest.approx(rates[0], rel=0.15)


def test_the_planted_signal_fires_before_its_impact_and_no_other_does(organisation):
    planted, others = organisation.truth["signal"], 0
    for record, signal, fired in replays(organisation):
        impact = record["chronology"]["impact_started_at"]
        if record["id"] == planted["record_id"]:
            early = [moment for moment in fired if moment < impact]
            assert signal["id"] == planted["signal_id"] and signal["history"] == planted["history"]
            assert early[-1] == planted["would_have_fired_at"].replace(":00Z", "Z")
            assert len(early) == planted["false_alarms_before"] + 1
            lead = datetime.fromisoformat(impact) - datetime.fromisoformat(early[-1])
            assert lead == timedelta(minutes=planted["lead_minutes"]) > timedelta(0)
        elif impact != "not_applicable":
            assert fired and min(fired) >= impact
            others += 1
    assert others >= 5


def test_one_team_stops_writing_a_field_that_the_others_go_on_writing(organisation):
    drift = organisation.truth["completeness_drift"]
    section, name = drift["field"].split(".")
    teams = {project["name"]: project["team"] for project in organisation.truth["organisation"]["projects"]}
    shares = {}
    for record in organisation.incidents:
        group = (teams[record["project"]] == drift["team"], week(started_on(record)) >= drift["from_week"])
        shares.setdefault(group, []).append(name in record[section])
    assert len(shares[True, True]) >= 8 and not any(shares[True, True])
    others = shares[False, False] + shares[False, True] + shares[True, False]
    assert sum(others) / len(others) > 0.9 and sum(shares[True, False]) / len(shares[True, False]) > 0.6


def test_records_are_filed_as_late_as_the_truth_says(organisation):
    delays = sorted(
        datetime.fromisoformat(organisation.first_written[record["id"]]["recorded_at"])
        - datetime.fromisoformat(record["chronology"]["impact_started_at"])
        for record in organisation.incidents
    )
    told = organisation.truth["late_filing"]
    for share, days in ((0.5, told["median_days"]), (0.9, told["p90_days"])):
        assert delays[int(len(delays) * share)] / timedelta(days=1) == pytest.approx(days, abs=0.01)
    assert sum(delay > timedelta(days=14) for delay in delays) == organisation.truth["counts"]["late_filed"]


def test_a_link_between_records_names_an_earlier_record_and_says_what_is_true_of_both(organisation):
    links = [(record, link) for record in organisation.incidents for link in record.get("related", [])]
    assert {link["relation"] for _, link in links} == {"same_cause", "recurrence", "variant"}
    for record, link in links:
        earlier = organisation.records[link["id"]]
        assert earlier is not record and started_on(earlier) <= started_on(record)
        if link["relation"] != "variant":
            assert {one["code"] for one in record["root_causes"]} & {one["code"] for one in earlier["root_causes"]}


def test_rates_are_higher_in_the_weeks_of_the_season(tmp_path):
    organisation = Organisation.written(tmp_path / "large", incidents=6000)
    season, change = organisation.truth["season"], organisation.truth["rate_change"]
    weeks = [week(started_on(r)) for r in organisation.incidents if r["category"] != change["category"]]
    counts = {True: 0, False: 0}
    for one in weeks:
        counts[int(one[-2:]) in season["iso_weeks"]] += 1
    n_season = sum(
        (date(2026, 11, 9) - timedelta(weeks=n)).isocalendar().week in season["iso_weeks"] for n in range(156)
    )
    ratio = (counts[True] / n_season) / (counts[False] / (156 - n_season))
    assert ratio == pytest.approx(season["ratio"], rel=0.1)


def test_a_large_organisation_names_the_first_thousand_records_and_counts_all():
    tally = Tally()
    tally.delays.append(60)
    lines = truth.build(plan.make(45_000, 1, 104, is_null=False), tally, [])["fault_lines"]
    assert [(line["incidents"], len(line["record_ids"])) for line in lines] == [(1125, 1000)] * 4
