"""What is planted in a simulated organisation is found by the ready questions, and in the null one they find nothing.

Here: the questions whose answers the truth file holds, and the doors to them. Not here: the other answers, counted
again from the records (test_question_counts.py), and the files' form (tests/unit/test_questions.py).
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from pipelines import questions
from pipelines.analysis import prevention
from tests.battery.warm import Ended, Warm
from tests.integration.warehouses import Simulated, by_its_steps, cli
from tests.unit.simulated import started_on

NULLS = (1, 2, 3)


@pytest.fixture(scope="session")
def other(tmp_path_factory) -> Simulated:
    return by_its_steps(tmp_path_factory.mktemp("other"), 4, is_null=False)


@pytest.fixture(scope="session", params=NULLS)
def null(request, tmp_path_factory) -> Simulated:
    return by_its_steps(tmp_path_factory.mktemp("null"), request.param, is_null=True)


@pytest.fixture(params=["simulated", "other"])
def planted(request) -> Simulated:
    return request.getfixturevalue(request.param)


def monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)


def week(day: date) -> str:
    return day.strftime("%G-W%V")


def test_the_planted_fault_lines_are_found_and_no_others(planted):
    """A triple may be found as a pair of its parts, where more incidents than the planted ones share that pair."""
    found = {(row["root_cause"], row["artifact"]): row for row in planted.answer("fault_lines")}
    lines = {(line["code"], line["artifact"]): line for line in planted.truth["fault_lines"]}
    assert found.keys() == lines.keys() and len(lines) == 4
    for key, line in lines.items():
        row = found[key]
        is_whole = row["factor"] == line["factor"]
        assert set(row["record_ids"]) >= set(line["record_ids"]) and (is_whole or row["factor"] is None)
        assert len(row["record_ids"]) == row["incidents"] <= line["incidents"] + 3 * (not is_whole)
        assert row["teams"] >= len(line["teams"])
        assert week(row["first_on"]) <= line["first_week"] and week(row["last_on"]) >= line["last_week"]
        assert row["category"] in (line["category"], None) and row["expected"] < line["incidents"] / 3
        assert row["ratio_low"] <= row["ratio"] <= row["ratio_high"] and row["looks"] > 1000
    for limit in ({"least_incidents": 13}, {"least_teams": 13}, {"most_q": 0}):
        assert planted.answer("fault_lines", **limit) == [], limit


def test_the_category_whose_rate_changed_is_found_with_its_weeks_and_its_ratio(planted):
    change = planted.truth["rate_change"]
    rows = {row["name"]: row for row in planted.answer("rate_changes") if row["kind"] == "category"}
    assert {name: row["verdict"] for name, row in rows.items()} == {
        name: "rose" if name == change["category"] else "cannot tell" for name in planted.truth["counts"]["by_category"]
    }
    row = rows[change["category"]]
    assert row["recent_from"] == monday(change["from_week"])
    drawn = change["after_per_week"] / change["before_per_week"]
    assert 1 < row["ratio_low"] < drawn < row["ratio_high"]
    still_open = {row["week"] for row in planted.answer("still_being_filed")}
    assert (row["weeks_recent"], row["weeks_before"]) == (26 - len(still_open), 130) and len(still_open) > 2
    assert row["incidents_before"] / 130 == pytest.approx(change["before_per_week"], abs=1e-4)
    (whole,) = [
        row
        for row in planted.answer("rate_changes", least_filed=0)
        if (row["kind"], row["name"]) == ("category", change["category"])
    ]
    assert whole["incidents_recent"] / 26 == pytest.approx(change["after_per_week"], abs=1e-4)


def test_the_season_is_found_where_it_lies(planted):
    season = planted.truth["season"]
    first, last = season["iso_weeks"][0], season["iso_weeks"][-1]
    (row,) = planted.answer("season", first_iso_week=first, last_iso_week=last)
    assert row["verdict"] == "more" and row["ratio_low"] < season["ratio"] < row["ratio_high"]
    assert row["weeks_season"] + row["weeks_rest"] == 130


def test_the_fix_that_worked_is_told_from_the_one_that_did_not(planted):
    rows = {(row["record_id"], row["action_id"]): row for row in planted.answer("fixes_that_held")}
    worked, failed = planted.truth["fixes"]
    assert [key for key, row in rows.items() if row["verdict"] in ("reduced", "worse")] == [
        (worked["record_id"], worked["action_id"])
    ]
    for fix in (worked, failed):
        row = rows[fix["record_id"], fix["action_id"]]
        assert (row["places"], row["codes"]) == ([f"service {fix['scope']['service']}"], [fix["scope"]["code"]])
        assert row["implemented_on"] == date.fromisoformat(fix["implemented_on"])
        assert row["incidents_before"] + row["incidents_left_out"] == fix["incidents_before"]
        assert row["incidents_left_out"] > 0 and row["incidents_after"] == fix["incidents_after"]
    row = rows[failed["record_id"], failed["action_id"]]
    assert row["verdict"] == "cannot tell" and row["ratio_low"] < 1 < row["ratio_high"]
    assert row["cannot_tell_until"] > date.fromisoformat(planted.truth["as_of"][:10])


def test_what_all_other_incidents_did_in_the_same_days_stands_beside_a_fix(planted):
    rows = {row["record_id"]: row for row in planted.answer("fixes_that_held") if row["action_id"] == "A1"}
    days = {one["id"]: date.fromisoformat(started_on(one)) for one in planted.organisation.incidents}
    first, today = monday(planted.truth["first_week"]), date.fromisoformat(planted.truth["as_of"][:10])
    for fix in planted.truth["fixes"]:
        row, done = rows[fix["record_id"]], date.fromisoformat(fix["implemented_on"])
        end = days[fix["record_id"]] - timedelta(weeks=13)
        scope = {*fix["record_ids_before"], *fix["record_ids_after"]}
        others = [day for record_id, day in days.items() if record_id not in scope]
        before = sum(day < end for day in others) / (end - first).days
        after = sum(day >= done for day in others) / ((today - done).days - 7 * row["weeks_unfiled"])
        assert row["others_ratio"] == pytest.approx(after / before, abs=0.01)


def test_cannot_tell_until_is_the_day_from_which_quiet_would_be_enough(planted):
    """The closed form against the verdict itself, asked as if those days had passed without an incident."""
    checked = 0
    for row in planted.answer("fixes_that_held", least_incidents=1):
        if row["cannot_tell_until"] is None:
            continue
        days = (row["cannot_tell_until"] - row["implemented_on"]).days - 7 * row["weeks_unfiled"]
        others = np.nan if row["others_ratio"] is None else row["others_ratio"]
        counts = row["incidents_before"], row["weeks_before"] * 7, row["incidents_after"]
        watched = 7 * (row["weeks_after"] - row["weeks_unfiled"])
        uncoded = row["uncoded_before"], row["weeks_before"] * 7, row["uncoded_after"], watched
        # a hundredth and a day to either side: the weeks in the answer are rounded
        p = prevention.compare(
            *(np.array([n] * 2) for n in counts),
            np.array([days * 1.01 + 1, days * 0.99 - 2]),
            others,
            prevention.beyond(*uncoded, others),
        )
        assert p["p_reduced"][0] >= prevention.SURE > p["p_reduced"][1]
        checked += 1
    assert checked > 5


def test_the_category_whose_rate_changed_and_no_other_part_has_a_larger_share(planted):
    rows = {(row["kind"], row["part"]): row for row in planted.answer("mix")}
    change = planted.truth["rate_change"]
    assert rows["category", change["category"]]["change"] > 0.05
    larger = {key for key, row in rows.items() if row["verdict"] == "a larger share"}
    assert larger <= {("category", change["category"])}
    assert all(row["change_low"] <= row["change"] <= row["change_high"] for row in rows.values())


def test_no_category_left_its_range_but_the_one_whose_rate_changed(planted):
    change = planted.truth["rate_change"]
    rows = planted.answer("left_range", kind_asked="category")
    assert {row["series"] for row in rows if row["verdict"] == "left its routine range"} <= {change["category"]}
    assert all(row["q_value"] <= 0.3 and row["incidents"] >= 2 for row in rows)


def test_the_signal_that_would_have_fired_before_its_impact_is_found_and_no_other(planted):
    signal = planted.truth["signal"]
    (row,) = planted.answer("signals_ahead")
    assert (row["record_id"], row["signal_id"]) == (signal["record_id"], signal["signal_id"])
    assert (row["history"], row["lead_minutes"]) == (signal["history"], signal["lead_minutes"])
    told = datetime.fromisoformat(signal["would_have_fired_at"]).replace(tzinfo=None)
    assert row["fires_at_utc"] == told and row["impact_started_at_utc"] - told == timedelta(minutes=row["lead_minutes"])
    histories = [one for r in planted.organisation.incidents for one in r.get("signals", []) if "history" in one]
    assert row["of_replays"] == len(histories) == len(planted.answer("signals_ahead", least_lead_minutes=-100000)) > 5


def test_the_field_that_a_team_stopped_writing_is_found_and_no_other(planted):
    drift = planted.truth["completeness_drift"]
    teams = {project["name"]: project["team"] for project in planted.truth["organisation"]["projects"]}
    (row,) = planted.answer("fields_no_longer_written")
    assert (teams[row["project"]], row["field"]) == (drift["team"], drift["field"])
    assert row["last_written_on"] < monday(drift["from_week"]) and row["held_recent"] == 0
    assert row["n_recent"] >= 8 and 0.8 < row["share_of_others"] < 1
    assert planted.answer("fields_no_longer_written", least_share_of_others=1) == []


def test_incidents_that_came_back_are_those_after_each_fix(planted):
    rows = {row["record_id"]: row for row in planted.answer("recurrences")}
    fixes = [fix for fix in planted.truth["fixes"] if fix["incidents_after"]]
    assert rows.keys() == {fix["record_id"] for fix in fixes}
    for fix in fixes:
        row = rows[fix["record_id"]]
        assert row["later_incidents"] == fix["incidents_after"] and row["implemented"] >= 1
        assert row["held" if fix["verdict"] == "reduced" else "did_not_hold"] >= 1


def test_where_nothing_is_planted_nothing_is_found(null):
    assert null.truth["is_null"] and null.truth["counts"]["actions_done"] > 50
    for name in ("fault_lines", "signals_ahead", "fields_no_longer_written", "recurrences"):
        assert null.answer(name) == [], name
    for name in ("rate_changes", "season"):
        assert {row["verdict"] for row in null.answer(name)} == {"cannot tell"}, name
    judged = [row for row in null.answer("fixes_that_held", least_incidents=1) if row["verdict"] != "not implemented"]
    assert sum(row["verdict"] == "reduced" for row in judged) <= 0.07 * len(judged)
    assert {row["verdict"] for row in null.answer("mix")} == {"cannot tell"}
    assert [row for row in null.answer("left_range", kind_asked="category") if row["q_value"] <= 0.1] == []
    assert null.answer("signals_ahead", least_lead_minutes=-100000)


def test_before_its_time_nothing_of_the_change_was_known(simulated, warm):
    """As known on the Monday on which the new rate begins; the functions for intervals are in that copy too."""
    moment = f"{monday(simulated.truth['rate_change']['from_week'])}T06:00:00Z"
    done = ask(simulated, warm, "rate_changes", "--as-of", moment, "--json")
    rows = json.loads(done.stdout)["rows"]
    assert {row["verdict"] for row in rows if row["kind"] == "category"} == {"cannot tell"}


def ask(simulated: Simulated, warm: Warm, *words: str) -> Ended:
    return warm.run(simulated.organisation.folder, "query", *words, FAULTLINES_NOW=simulated.truth["as_of"])


def test_a_question_is_answered_alike_by_name_and_as_a_file(simulated):
    home, moment = simulated.organisation.folder, simulated.truth["as_of"]
    text = questions.named("fault_lines").text
    named, piped = cli(home, "query", "fault_lines", moment=moment), cli(home, "sql", moment=moment, stdin=text)
    assert named.returncode == piped.returncode == 0
    assert named.stdout == piped.stdout and "4 rows" in named.stdout
    assert questions.named("fault_lines").question in named.stderr and "--set least_teams=1" in named.stderr


def test_a_value_can_be_set_and_the_answer_says_which_was_asked(simulated, warm):
    done = ask(simulated, warm, "fault_lines", "--set", "least_incidents=11", "--set", "most_q=0.01", "--json")
    answer = json.loads(done.stdout)
    assert answer["rows"] == [] and answer["name"] == "fault_lines"
    assert (answer["asked"]["least_incidents"], answer["asked"]["most_q"]) == ("11", "0.01")
    assert "11 as least_incidents" in answer["sql"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fault_line",), "did you mean fault_lines"),
        (("fault_lines", "--set", "teams=2"), "it has least_incidents, least_teams, most_q"),
        (("fault_lines", "--set", "least_teams=few"), "least_teams takes a whole number"),
    ],
)
def test_a_wrong_name_or_value_ends_with_exit_code_2(simulated, warm, words, said):
    done = ask(simulated, warm, *words)
    assert (done.returncode, done.stdout) == (2, "") and said in done.stderr


def test_the_list_needs_no_project(tmp_path: Path):
    done = cli(tmp_path, "sql", "--list", moment="2026-11-16T06:00:00Z")
    assert done.returncode == 0 and done.stdout.strip() == questions.listing()


@pytest.mark.parametrize("name", questions.catalogue())
def test_an_answer_is_the_same_whatever_the_number_of_threads(other, name):
    answers = []
    for threads in (1, 4):
        other.con.execute(f"SET threads = {threads}")
        answers.append(other.answer(name))
    assert answers[0] == answers[1]
