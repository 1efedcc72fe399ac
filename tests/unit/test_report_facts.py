"""facts.json: the same bytes from the same records, the right words for each situation, and nothing of the machine."""

import json
import socket
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import jsonschema_rs
import pytest

from pipelines.analysis.many_looks import q_values
from pipelines.report import facts
from tests.unit.mart_fixture import AS_OF, Warehouse
from tests.unit.report_situations import MONDAY, SITUATIONS, WEEK

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "facts.schema.json").read_text(encoding="utf-8"))


def built(house: Warehouse, week: str = WEEK, **kwargs) -> dict:
    return facts.build(house.build(**kwargs), week, house.as_of, "0.1.0")


@pytest.fixture(scope="module")
def signal() -> dict:
    return built(SITUATIONS["signal"]())


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_facts_of_every_situation_fit_their_schema(situation):
    made = json.loads(facts.to_bytes(built(SITUATIONS[situation]())))
    assert [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(made)] == []


def test_order_of_rows_threads_and_time_zone_do_not_change_a_byte(monkeypatch):
    house = SITUATIONS["signal"]()
    pages = set()
    try:
        for seed, zone in enumerate(("UTC", "Asia/Kolkata", "America/St_Johns")):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            order = list(range(len(house.rows)))
            Random(seed).shuffle(order)
            con = duckdb.connect(config={"threads": 1 + seed % 2})
            con.execute(f"set TimeZone = '{zone}'")
            as_of = house.as_of.astimezone()
            pages.add(facts.to_bytes(facts.build(house.build(con, order), WEEK, as_of, "0.1.0")))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(pages) == 1


def test_nothing_of_the_machine_or_the_clock_is_in_the_facts(signal):
    text = facts.to_bytes(signal).decode()
    for trace in (str(Path.cwd()), socket.gethostname(), str(Path.home()), "generation"):
        assert len(trace) < 6 or trace not in text
    assert text.count("\n\n") == 0
    assert text.endswith("}\n")


def test_keys_are_sorted_at_every_level(signal):
    def keys(value):
        if isinstance(value, dict):
            yield list(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from keys(inner)

    assert all(found == sorted(found) for found in keys(json.loads(facts.to_bytes(signal))))


def test_a_warehouse_of_another_instant_is_refused():
    con = SITUATIONS["quiet"]().build()
    with pytest.raises(ValueError, match="this warehouse shows what was known on 2026-11-23"):
        facts.build(con, WEEK, AS_OF - timedelta(days=1), "0.1.0")


def _snapshot(code_version, **revisions):
    """Of a warehouse that knows these records, by the content hash of the revision it knows."""
    made = Warehouse()
    for record_id, content_hash in revisions.items():
        made.incident(record_id, None, content_hash=content_hash)
    return facts.build(made.build(), WEEK, AS_OF, code_version)["page"]["snapshot"]


def test_the_snapshot_names_the_revisions_and_the_code_and_nothing_else():
    made = _snapshot("0.1.0", a="1", b="2")
    assert _snapshot("0.1.0", b="2", a="1") == made
    assert _snapshot("0.1.1", a="1", b="2") != made
    assert _snapshot("0.1.0", a="1", b="3") != made
    assert _snapshot("0.1.0", a="1") != made


def test_every_figure_names_its_question_parameters_rows_and_hash(signal):
    assert signal["figures"]["Q1"]["parameters"] == {"week_on": "2026-11-16"}
    assert signal["figures"]["Q13"]["parameters"] == {"as_of": "2026-11-23T06:00:00Z"}
    assert signal["figures"]["Q1"]["rows"] == 12
    assert all(len(figure["sha256"]) == 64 for figure in signal["figures"].values())


def test_a_signal_is_the_first_sentence_with_its_count_and_range(signal):
    assert signal["verdict"]["state"] == "signal"
    assert signal["verdict"]["sentences"] == [
        "Model performance regression left its routine range in the week of 16 Nov: "
        "12 incidents against a routine 0–4.",
        "No signal in data quality anomaly and service degradation.",
    ]


def test_a_quiet_week_says_so():
    made = built(SITUATIONS["quiet"]())
    assert made["verdict"]["state"] == "quiet"
    assert made["verdict"]["sentences"] == [
        "No category left its routine range in the week of 16 Nov: 7 incidents in that week."
    ]
    assert made["decisions"]["items"] == []


def test_no_incident_is_no_data():
    made = built(SITUATIONS["empty"]())
    assert made["verdict"] == {
        "state": "no data", "sentences": ["No data: no incident is recorded up to this week."], "query": "Q1",
    }  # fmt: skip
    assert made["trust"]["sentences"] == ["No file has been received."]
    assert made["banner"] is None


def test_a_week_that_had_not_begun_or_lies_before_all_records_is_no_data():
    house = SITUATIONS["quiet"]()
    assert built(house, "2026-W49")["verdict"]["sentences"] == ["No data: this week had not begun."]
    assert built(house, "2019-W10")["verdict"]["state"] == "no data"


def test_one_incident_is_too_early_to_judge():
    made = built(SITUATIONS["one_incident"]())
    assert made["verdict"]["state"] == "too early"
    assert made["changes"]["cards"][0]["headline"] == "Too early to judge: 0 of 13 full weeks of history"
    assert made["banner"].startswith("Synthetic, that is invented to show how the page works: 1 of 1 record")


def test_only_a_full_week_is_judged_and_the_newest_is_shown_so_far():
    house = SITUATIONS["quiet"]()
    house.rows = [("raw.as_of", {"as_of": datetime(2026, 11, 19, 6, tzinfo=UTC)}), *house.rows[1:]]
    house.as_of = datetime(2026, 11, 19, 6, tzinfo=UTC)
    made = built(house)
    assert made["verdict"]["sentences"][-1] == "Week 47 is not full: week 46, the last full one, is judged."
    card = made["changes"]["cards"][0]
    assert card["judged_week"] == "2026-W46"
    assert card["so_far"].startswith("Week 47 so far: ")
    assert card["weeks"][-1]["is_full"] is False


def test_what_is_not_categorised_is_counted_judged_and_named():
    made = built(SITUATIONS["uncategorised"]())
    assert made["changes"]["cards"][0]["name"] == "Not categorised"
    said = made["cannot_say"]["sentences"]
    assert "Without a category: 297 of 297 incidents, counted as not categorised." in said
    assert "No record states a time to acknowledge, or the times to compute one." in said
    assert "Time to resolve is known for 289 of 297 incidents." in said
    assert "No incident carries a severity: large and small count alike." in said
    assert "Times out of order in 8 records: kept, the durations set aside." in made["trust"]["sentences"]


def test_a_gap_that_is_not_there_is_not_told(signal):
    said = " ".join(signal["cannot_say"]["sentences"])
    assert "category" not in said
    assert "severity" not in said
    assert "Imported" not in said
    assert "time to mitigate" not in said.lower()


def test_decisions_are_at_most_three_by_team_and_late_actions_keep_a_place():
    made = built(SITUATIONS["thirty_teams"]())["decisions"]
    assert [item["reason"] for item in made["items"]] == ["did_not_hold", "did_not_hold", "late_over_30"]
    assert made["status"] == "draft"
    assert all(item["way_out"] == "or accept the risk in writing" and item["team"] for item in made["items"])


def test_many_teams_are_summed_and_no_action_is_lost():
    made = built(SITUATIONS["thirty_teams"]())
    rows = made["actions"]["teams"]
    assert len(rows) == 11
    assert rows[-1]["team"] == "25 other teams"
    shown = sum(row[key] for row in rows for key in ("late_over_30", "late", "on_time", "no_due_date"))
    assert made["actions"]["sentence"].startswith(f"{shown} actions accepted and open")


def test_actions_without_a_status_are_neither_late_nor_open():
    house = Warehouse()
    house.incident("INC-1", MONDAY)
    house.action("INC-1", "A1", None, "not_stated", verification="not_stated", is_open=None)
    made = built(house)
    assert made["actions"]["sentence"] == "No action is known to be accepted and open."
    assert made["fixes"]["sentence"] == "No data: no implemented action is recorded, so there is no fix to check."
    expected = "Without a status or a day of implementation: 1 of 1 action; open or done is not known."
    assert expected in made["cannot_say"]["sentences"]


def test_stated_and_computed_durations_stay_apart_and_what_is_set_aside_is_counted():
    house = Warehouse()
    for i in range(12):
        house.incident(f"I{i}", MONDAY)
        house.phase(f"I{i}", "resolve", "computed", None if i == 0 else float(i), set_aside_by="R1" if i == 0 else None)
    house.phase("I1", "resolve", "stated", 600.0)
    rows = {row["name"]: row for row in built(house)["durations"]["rows"]}
    computed, stated = rows["To resolve, computed"], rows["To resolve, stated"]
    assert [computed[key] for key in ("n", "set_aside", "missing", "p50_minutes", "p90_minutes")] == [11, 1, 0, 6, 10]
    assert [stated[key] for key in ("n", "missing", "p50", "p90")] == [1, 11, "10.0 h", "–"]


def test_a_file_mended_since_is_no_longer_counted_as_set_aside():
    house = SITUATIONS["signal"]()
    assert built(house)["trust"]["quarantine"][0]["code"] == "PM014"
    house.file("broken.yml", sha256="mended", generation=2)
    assert built(house)["trust"]["quarantine"] == []


def test_what_came_after_the_instant_is_not_known():
    house = SITUATIONS["quiet"]()
    before = facts.to_bytes(built(house))
    house.file("later.yml", received_at=AS_OF + timedelta(hours=1), quarantined=1)
    house.add(
        "raw.quarantine", generation=2, received_at=AS_OF + timedelta(hours=1), source="examples", path="later.yml",
        line=1, field="id", code="PM001", file_sha256="sha-later.yml",
    )  # fmt: skip
    assert facts.to_bytes(built(house)) == before


@pytest.fixture(scope="module")
def lines() -> dict:
    return built(SITUATIONS["thirty_lines"]())


def test_at_most_five_fault_lines_are_shown_and_the_others_are_counted(lines):
    made = lines["lines"]
    assert [line["line_id"] for line in made["lines"]] == [f"FL-{i:08x}" for i in range(5)]
    assert made["more"] == "25 more in Q18."
    assert made["sentence"].startswith("30 combinations recur in more incidents than chance gives, of 900 looked at")


def test_a_line_goes_by_its_name_where_it_has_one_and_by_its_combination_elsewhere(lines):
    named, bare = lines["lines"]["lines"][:2]
    assert named["name"] == "Feeds that change without notice"
    assert named["note"] == "FL-00000000 · data drift + data drift + feature_store · data-platform"
    assert (bare["name"], bare["note"]) == ("Data drift + missing data contract + feature_store", "FL-00000001")
    assert "FL-ffffffff (Scores nobody watches)" in lines["trust"]["sentences"][-1]


def test_what_was_seen_after_a_fix_stands_beside_what_the_time_before_lets_expect(lines):
    worse, open_, reduced, none = lines["lines"]["lines"][:4]
    # 9 in 400 days before, 200 days after less the 9.5 that are not filed yet
    assert (worse["after"], worse["after_note"]) == ("worse", "12 seen, 4.3 expected, since 30 Apr 2026")
    assert open_["after"] == "cannot tell until 14 Feb 2027"
    assert reduced["after_note"].startswith("0 seen, 4.3 expected")
    assert (none["after"], none["after_note"]) == ("no action in effect", None)


def test_a_line_rises_by_a_q_over_all_lines_and_never_by_its_own_p():
    house = SITUATIONS["thirty_lines"]()
    con = house.build()
    judged = "from analysis.baselines where kind = 'fault_line' and window_weeks = 13 and p_upper is not null"
    p, q = zip(*con.execute(f"select p_upper, q_window {judged} order by series").fetchall(), strict=True)
    assert len(p) == 30 and list(q) == pytest.approx(list(q_values(p)), abs=1e-9)
    limits = {"rising": 0.1, "watch": 0.3, "no clear change": 0.31, "too early to judge": None}
    for trend, limit in limits.items():
        con.execute("update analysis.baselines set q_window = ? where series = 'FL-00000000'", [limit])
        assert facts.build(con, WEEK, house.as_of, "0.1.0")["lines"]["lines"][0]["trend"] == trend


@pytest.mark.parametrize(
    ("looks", "incidents", "said"),
    [
        (412, 1, "No combination recurs more often than chance gives; 412 looked at."),
        (None, 1, "No combination of codes, artifacts and services is in three incidents yet: nothing to look at."),
        (None, 0, "No data: no incident is recorded."),
    ],
)
def test_no_fault_line_is_said_in_words_with_how_many_were_looked_at(looks, incidents, said):
    house = Warehouse()
    for i in range(incidents):
        house.incident(f"I{i}", MONDAY)
    if looks:
        house.add("intermediate.int_facet_sets", of_sets=looks)
    made = built(house)["lines"]
    assert (made["sentence"], made["lines"], made["more"]) == (said, [], None)


def test_records_counted_once_are_told_of():
    house = Warehouse()
    house.incident("I1", MONDAY)
    house.add("intermediate.int_facet_sets", of_sets=3)
    house.add("intermediate.int_repeats", record_id="I1")
    assert built(house)["lines"]["sentence"].endswith(
        "3 looked at. 1 record that named the same of everything as another one of that day: counted once."
    )


def test_a_week_still_being_filed_is_shown_so_far_with_its_likely_range_and_never_as_a_fall(lines):
    card = lines["changes"]["cards"][0]
    newest, settled = card["weeks"][-1], [week for week in card["weeks"] if week["likely_high"] is None]
    assert newest["incidents"] <= newest["likely_low"] < newest["likely_high"]
    assert card["so_far"] == (
        f"Week 47: {newest['incidents']} so far, likely {newest['likely_low']}–{newest['likely_high']}"
    )
    assert card["headline"].startswith(f"Routine to 18 Oct: {settled[-1]['incidents']} in that week, range ")
    assert all(window["count"].endswith("+") for window in card["windows"])
    assert "5 incidents so far, more may be filed." in lines["verdict"]["sentences"][0]
    earlier = built(SITUATIONS["thirty_lines"](), "2026-W45")
    assert 0 < earlier["figures"]["Q20"]["rows"] < lines["figures"]["Q20"]["rows"]
    assert "so far, likely" in card["chart_text"] and "still being filed" in lines["changes"]["note"]


def test_where_all_is_filed_at_once_every_week_is_final_and_where_no_delay_is_known_the_page_says_so():
    house = SITUATIONS["quiet"]()
    assert any("by how much is not known" in said for said in built(house)["cannot_say"]["sentences"])
    for table, row in house.rows:
        if table == "marts.incidents":
            house.delays.append((row["category"], row["started_week_on"], 6))
    made = built(house)
    assert [card["headline"].split(":")[0] for card in made["changes"]["cards"]] == ["No signal"] * 3
    assert {card["so_far"] for card in made["changes"]["cards"]} == {None}
    assert not any("by how much is not known" in said for said in made["cannot_say"]["sentences"])
    assert "By the Monday after a week 100 % of its incidents are filed" in " ".join(made["trust"]["sentences"])


def test_verdicts_on_fixes_are_counted_with_the_next_day_on_which_one_is_possible(lines):
    made = lines["fixes"]["counted"]
    assert {result["result"]: result["actions"] for result in made["results"]} == {
        "reduced": 2, "worse": 1, "cannot_tell": 21, "not_implemented": 12,
    }  # fmt: skip
    assert made["total"] == 36
    assert made["sentence"].endswith("Next verdict possible: 9 December 2026, if no incident comes.")


def test_a_line_whose_incidents_were_all_mitigated_at_once_has_no_longest():
    house = SITUATIONS["thirty_lines"]()
    for row in house.found["fault_lines"]:
        row.update(minutes=0, of_minutes=3, largest_share=None)
    shown = built(house)["lines"]["lines"][0]
    assert (shown["impact"], shown["impact_note"].split(",")[0]) == ("0.0 h", "none lasted a minute")


def test_a_median_until_actions_are_in_effect_is_given_from_twenty_on_and_only_where_it_is_reached():
    house = SITUATIONS["thirty_lines"]()
    assert built(house)["fixes"]["closure"] == (
        "Of 60 actions not in effect when filed, half are 55 days later (95 % 45–70; 30 still watched)."
    )
    curve = house.found["survival"]
    house.found["survival"] = [row | {"survival_high": 0.9} for row in curve]
    assert "(95 % 45 or more; 30 still watched)" in built(house)["fixes"]["closure"]
    house.found["survival"] = [row | {"survival_high": None, "survival_low": None} for row in curve]
    assert "(too few to give an interval; 30 still watched)" in built(house)["fixes"]["closure"]
    house.found["survival"] = [row | {"at_risk": 19} for row in curve]
    assert built(house)["fixes"]["closure"] is None
    house.found["survival"] = curve[:3]
    assert built(house)["fixes"]["closure"] == (
        "Of 60 actions not in effect when filed, fewer than half are 15 days later."
    )


def test_near_misses_and_other_kinds_never_enter_the_counts():
    house = SITUATIONS["quiet"]()
    house.incident("X", date(2026, 11, 16), "service_degradation", record_kind="maintenance", is_counted=False)
    house.incident("N", date(2026, 11, 16), "service_degradation", record_kind="near_miss", is_counted=False)
    for record_id in "XN":
        house.phase(record_id, "resolve", "computed", 5.0)
        house.cause(record_id, "root_cause", "governance_gap")
    made, plain = built(house), built(SITUATIONS["quiet"]())
    assert [card["headline"] for card in made["changes"]["cards"]] == [c["headline"] for c in plain["changes"]["cards"]]
    assert made["changes"]["cards"][2]["weeks"][-1]["near_misses"] == 1
    assert made["trust"]["counts"]["other_kinds"] == 1
    assert made["durations"] == plain["durations"]
    assert made["causes"] == plain["causes"]


def test_a_rejected_action_is_neither_a_fix_that_failed_nor_one_that_was_never_checked():
    house = Warehouse()
    house.incident("INC-1", MONDAY)
    house.action("INC-1", "A1", "payments", "not_accepted", verification="did_not_hold")
    house.action("INC-1", "A2", "payments", "not_accepted", verification="unverified")
    made = built(house)
    assert made["fixes"]["total"] == 0
    assert made["decisions"]["items"] == []
    assert "never checked" not in " ".join(made["cannot_say"]["sentences"])


def test_control_and_bidi_characters_do_not_reach_the_facts():
    house = SITUATIONS["signal"]()
    house.action("INC-S01", "A\u202eZ", "te\u0007am\u200b \u2066x", "late_over_30")
    text = facts.to_bytes(built(house)).decode()
    assert "team x" in text
    assert not set("\u0007\u200b\u202e\u2066") & set(text)
