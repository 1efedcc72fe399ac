"""The answers of the ready questions, counted again in Python from the records as the files hold them.

Here: one organisation, whose warehouse a whole run has made. Not here: what is planted (test_questions.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil, inf
from operator import itemgetter

import pytest
from scipy.stats import binom, binomtest

from tests.integration.warehouses import Simulated


def began(record: dict) -> datetime:
    return datetime.fromisoformat(record["chronology"]["impact_started_at"])


def quarter(moment: date) -> date:
    return date(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)


def minutes(record: dict, until: str) -> float:
    return (datetime.fromisoformat(record["chronology"][until]) - began(record)).total_seconds() / 60


def quantile(values: list, share: float):
    return sorted(values)[ceil(len(values) * share) - 1]


def by(rows: list[dict], *names: str) -> dict[tuple, dict]:
    """Rows by their key, which none may share with another."""
    found = {tuple(row[name] for name in names): row for row in rows}
    assert len(found) == len(rows) > 0
    return found


def actions(simulated: Simulated) -> Iterator[tuple[dict, dict]]:
    for record in simulated.organisation.records.values():
        yield from ((record, action) for action in record.get("actions", []))


def today(simulated: Simulated) -> str:
    return simulated.truth["as_of"][:10]


def test_every_interval_is_that_of_its_own_counts(simulated):
    """Numerator, denominator and share of each question that gives an interval for a share."""
    shares = {
        "filing_delays": ("late", "incidents", "share_late"),
        "detection_sources": ("monitor", "incidents", "share_monitor"),
        "missing_controls": ("prevented", "of_incidents", "share_prevented"),
        "artifacts_involved": ("as_cause", "of_incidents", "share_as_cause"),
        "rerunnable_evidence": ("rerunnable", "pieces", "share_rerunnable"),
        "rehearsals": ("rehearsed_lately", "scenarios", "share_rehearsed_lately"),
        "facilitation": ("led_from_outside", "led", "share_from_outside"),
        "actions_in_time": ("in_time", "due", "share_in_time"),
        "measures_that_held": ("held", "held did_not_hold", "share_held"),
        "near_misses": ("near_misses", "incidents near_misses", "share_near_misses"),
        "still_being_filed": ("held", "ranges_of_that_age", "share_held"),
        "hypotheses_refuted": ("refuted", "supported refuted", "share_refuted"),
    }
    for name, (k, of, share) in shares.items():
        rows = simulated.answer(name)
        assert rows, name
        for row in rows:
            found, n = [row["share_low"], row["share_high"]], sum(row[each] for each in of.split())
            if n == 0:
                assert (row[share], found) == (None, [0, 1])
                continue
            wanted = binomtest(row[k], n).proportion_ci(0.95, method="wilson")
            assert row[share] == pytest.approx(row[k] / n, abs=6e-4), name
            assert found == pytest.approx([wanted.low, wanted.high], abs=6e-4), name


def test_the_incidents_of_a_line_are_all_that_name_its_parts(simulated):
    parts = {record["id"]: facets(record) for record in simulated.organisation.incidents}
    rows = by(simulated.answer("fault_lines"), "line_id")
    for row in rows.values():
        asked = {(name, row[name]) for name in ("root_cause", "factor", "trigger", "artifact", "service") if row[name]}
        held = [record for record in simulated.organisation.incidents if asked <= parts[record["id"]]]
        assert row["record_ids"] == sorted(record["id"] for record in held)
        days = [began(record).date() for record in held]
        assert (row["first_on"], row["last_on"]) == (min(days), max(days))
        lasted = [round(minutes(record, "mitigated_at")) for record in held]
        assert (row["minutes"], row["of_minutes"]) == (sum(lasted), len(lasted))
        assert row["largest_share"] == pytest.approx(max(lasted) / sum(lasted), abs=1e-4)
        assert row["ratio"] == pytest.approx(len(held) / row["expected"], rel=0.02)


def facets(record: dict) -> set[tuple[str, str]]:
    """(facet, value) of everything that a line may be made of."""
    found = {("service", name.lower()) for name in record["scope"]["services"]}
    found |= {
        ("artifact", one["name"].lower())
        for one in record.get("context", {}).get("artifacts", [])
        if one["role"] == "cause"
    }
    sections = {"root_cause": "root_causes", "factor": "contributing_factors", "trigger": "triggers"}
    return found | {(name, one["code"]) for name, key in sections.items() for one in record.get(key, [])}


def test_weeks_still_being_filed_hold_what_is_filed_and_older_ones_are_not_among_them(simulated):
    wanted = Counter(
        (record["category"], began(record).strftime("%G-W%V")) for record in simulated.organisation.incidents
    )
    rows = by(simulated.answer("still_being_filed"), "category", "week")
    assert {key: row["filed"] for key, row in rows.items()} == {key: wanted[key] for key in rows}
    assert max(key[1] for key in rows) == simulated.truth["last_week"]
    ((learnt,),) = simulated.con.execute("""
        SELECT sum(incidents)::BIGINT FROM intermediate.int_filing_delays AS delays
        JOIN (
            SELECT DISTINCT week_on FROM marts.category_weeks WHERE is_full ORDER BY week_on DESC LIMIT 104
        ) AS recent USING (week_on)
        WHERE delay_days <= 182
    """).fetchall()
    for row in rows.values():
        assert row["filed"] <= row["likely_low"] <= row["likely_high"]
        assert row["filed_share"] < 0.98 and row["share_held"] > 0.75 and row["of_delays"] == learnt


def test_a_share_by_a_day_is_that_of_kaplan_and_meier(simulated):
    now = date.fromisoformat(today(simulated))
    spans = []
    for record, action in actions(simulated):
        done = action.get("implemented_on")
        if done or action["status"] in ("accepted", "in_progress"):
            filed = datetime.fromisoformat(simulated.organisation.first_written[record["id"]]["recorded_at"]).date()
            spans.append(((date.fromisoformat(done) if done else now).toordinal() - filed.toordinal(), bool(done)))
    spans = [span for span in spans if span[0] >= 0]
    rows = by(simulated.answer("time_until"), "curve", "days")
    assert {curve for curve, _ in rows} == {"action_closure", "recurrence"}
    for (curve, days), row in rows.items():
        assert row["share_low"] <= row["share_by_then"] <= row["share_high"]
        if curve == "action_closure":
            left = 1.0
            for day in sorted({span for span, is_done in spans if is_done and span <= days}):
                at_risk = sum(span >= day for span, _ in spans)
                left *= 1 - sum(span == (day, True) for span in spans) / at_risk
            assert row["share_by_then"] == pytest.approx(1 - left, abs=6e-4)
            assert (row["watched"], row["still_watched"]) == (len(spans), sum(span > days for span, _ in spans))


def test_the_mix_is_that_of_the_newest_filed_weeks_and_of_the_year_before(simulated):
    rows = by(simulated.answer("mix"), "kind", "part")
    first = next(iter(rows.values()))
    assert (first["recent_to"] - first["recent_from"]).days == 13 * 7 - 1
    assert (first["recent_from"] - first["before_from"]).days == 52 * 7
    wanted = defaultdict(Counter)
    for record in simulated.organisation.incidents:
        day = began(record).date()
        if first["before_from"] <= day <= first["recent_to"]:
            when = "recent" if day >= first["recent_from"] else "before"
            for kind in ("category", "severity"):
                wanted[kind, record[kind]][when] += 1
    assert {key: (row["incidents_recent"], row["incidents_before"]) for key, row in rows.items()} == {
        key: (counts["recent"], counts["before"]) for key, counts in wanted.items()
    }


def test_sizes_are_the_quantiles_of_what_is_stated_between_values_that_hold_them_with_95_percent(simulated):
    stated = defaultdict(list)
    for record in simulated.organisation.incidents:
        stated[record["category"], "minutes"].append(round(minutes(record, "mitigated_at")))
        users = [one["min"] for one in record["scope"].get("affected", []) if one["who"] == "users"]
        if users:
            stated[record["category"], "users at least"].append(sum(users))
    rows = by(simulated.answer("impact_sizes"), "category", "measure")
    assert stated.keys() <= rows.keys() and any(measure.startswith("cost at least, ") for _, measure in rows)
    for key, values in stated.items():
        row, values, n = rows[key], sorted(values), len(values)
        assert row["incidents"] == n
        for share, name in ((0.5, "p50"), (0.9, "p90")):
            assert row[name] == quantile(values, share)
            low, high = row[f"{name}_low"], row[f"{name}_high"]
            least = 0 if low is None else binom.cdf(values.index(low), n, share)
            most = 1 if high is None else binom.cdf(n - values[::-1].index(high) - 1, n, share)
            assert most - least >= 0.94 and (low is None or low <= row[name]) and (high is None or row[name] <= high)


def test_records_are_filed_as_late_as_the_truth_says(simulated):
    first, truth = simulated.organisation.first_written, simulated.truth
    rows = by(simulated.answer("filing_delays", unsettled_weeks=0), "project")
    assert rows[None,]["late"] == truth["counts"]["late_filed"] and rows[None,]["incidents"] == truth["incidents"]
    for column, told in (("p50_days", "median_days"), ("p90_days", "p90_days")):
        assert rows[None,][column] == pytest.approx(truth["late_filing"][told], rel=0.05)
    delays = defaultdict(list)
    for record in simulated.organisation.incidents:
        written = datetime.fromisoformat(first[record["id"]]["recorded_at"])
        delays[record["project"],].append((written - began(record)).total_seconds() / 86400)
    assert rows.keys() - {(None,)} == delays.keys()
    for key, values in delays.items():
        assert rows[key]["incidents"] == len(values)
        assert rows[key]["p50_days"] == pytest.approx(quantile(values, 0.5), abs=0.006)
        assert rows[key]["p90_days"] == pytest.approx(quantile(values, 0.9), abs=0.006)
    settled = simulated.answer("filing_delays")[0]
    assert settled["incidents"] < truth["incidents"] and settled["last_on"] < date(2026, 9, 22)


def test_a_stay_in_a_stage_ends_with_the_revision_that_leaves_it_and_an_open_one_is_the_longest(simulated):
    entered = defaultdict(dict)
    for revision in simulated.organisation.revisions:
        entered[revision["id"]].setdefault(revision["stage"], datetime.fromisoformat(revision["recorded_at"]))
    settled = datetime.fromisoformat(simulated.truth["as_of"]) - timedelta(days=90)
    stays = defaultdict(list)
    for record in entered.values():
        moments = sorted(record.items(), key=itemgetter(1))
        for (stage, since), (_, until) in pairwise([*moments, (None, None)]):
            if since < settled:
                stays[stage].append((until - since).total_seconds() / 86400 if until else inf)
    rows = by(simulated.answer("time_in_stage"), "stage")
    assert rows.keys() == {(stage,) for stage in stays}
    for (stage,), row in rows.items():
        left = [days for days in stays[stage] if days < inf]
        assert (row["n_stays"], row["n_left"], row["n_still_there"]) == (
            len(stays[stage]), len(left), len(stays[stage]) - len(left)
        )  # fmt: skip
        for share, column in ((0.5, "p50_days"), (0.9, "p90_days")):
            wanted = quantile(stays[stage], share)
            assert row[column] == (None if wanted == inf else pytest.approx(wanted, abs=0.006))
            assert row[f"left_{column}"] == (pytest.approx(quantile(left, share), abs=0.006) if left else None)


def test_who_noticed_is_counted_by_category_and_quarter(simulated):
    wanted = defaultdict(Counter)
    for record in simulated.organisation.incidents:
        wanted[record["category"], quarter(began(record).date())][record["detection_source"]] += 1
    rows = by(simulated.answer("detection_sources"), "category", "quarter_on")
    words = ("monitor", "internal_human", "customer", "third_party", "audit")
    assert {key: {word: row[word] for word in words} for key, row in rows.items()} == {
        key: {word: counts[word] for word in words} for key, counts in wanted.items()
    }
    assert sum(row["incidents"] for row in rows.values()) == simulated.truth["incidents"]


@pytest.mark.parametrize(("phase", "until"), [("mitigate", "mitigated_at"), ("resolve", "resolved_at")])
def test_durations_are_the_quantiles_of_the_written_moments(simulated, phase, until):
    wanted = defaultdict(list)
    for record in simulated.organisation.incidents:
        wanted[record["severity"], quarter(began(record).date())].append(minutes(record, until))
    rows = by(simulated.answer("time_to_mitigate", phase_asked=phase), "severity", "quarter_on", "basis")
    computed = {key[:2]: row for key, row in rows.items() if key[2] == "computed"}
    assert computed.keys() == wanted.keys()
    for key, values in wanted.items():
        told = [computed[key][name] for name in ("incidents", "p50_minutes", "p90_minutes", "longest_minutes")]
        assert told == [len(values), quantile(values, 0.5), quantile(values, 0.9), max(values)]
    assert {key[2] for key in rows} == ({"computed", "stated"} if phase == "resolve" else {"computed"})


def test_actions_are_in_time_late_or_open_by_the_quarter_in_which_they_were_due(simulated):
    wanted = defaultdict(Counter)
    for _, action in actions(simulated):
        if action["due_on"] < today(simulated) and action["status"] in ("done", "accepted", "in_progress"):
            done = action.get("implemented_on")
            word = "open_late" if not done else "in_time" if done <= action["due_on"] else "done_late"
            wanted[action["owner_team"], quarter(date.fromisoformat(action["due_on"]))][word] += 1
    rows = by(simulated.answer("actions_in_time"), "owner_team", "due_quarter_on")
    words = ("in_time", "done_late", "open_late")
    assert {key: Counter({word: row[word] for word in words if row[word]}) for key, row in rows.items()} == wanted
    assert sum(row["open_late"] for row in rows.values()) == simulated.truth["counts"]["actions_late"]


def test_measures_held_as_often_as_their_last_verification_says(simulated):
    wanted = defaultdict(Counter)
    for _, action in actions(simulated):
        if action["status"] == "done":
            wanted[action["measure"],][action["verifications"][-1]["result"]] += 1
    rows = by(simulated.answer("measures_that_held"), "measure")
    words = ("held", "did_not_hold", "inconclusive")
    assert {key: Counter({word: row[word] for word in words if row[word]}) for key, row in rows.items()} == wanted
    assert sum(row["implemented"] for row in rows.values()) == simulated.truth["counts"]["actions_done"]
    told = {word: sum(row[word] for row in rows.values()) for word in words}
    assert {word: told[word] for word in words} == {word: sum(c[word] for c in wanted.values()) for word in words}


def test_near_misses_stand_beside_the_incidents_of_their_quarter(simulated):
    rows, counts = simulated.answer("near_misses"), simulated.truth["counts"]
    assert sum(row["incidents"] for row in rows) == counts["incidents"]
    assert 0 < sum(row["near_misses"] for row in rows) <= counts["near_misses"]
    wanted = Counter()
    for record in simulated.organisation.incidents:
        started = began(record).date()
        wanted[quarter(date.fromordinal(started.toordinal() - started.weekday()))] += 1
    assert {row["quarter_on"]: row["incidents"] for row in rows if row["incidents"]} == wanted


def test_controls_that_were_missing_are_counted_once_an_incident(simulated):
    named = [
        (record, one) for record in simulated.organisation.incidents for one in record.get("analysis", {}).get(
            "counterfactuals", []
        )
    ]  # fmt: skip
    wanted = defaultdict(Counter)
    for _, one in named:
        wanted[one["control"],].update(("incidents", one["existed"], one["would_have"]))
    answer = simulated.answer("missing_controls", least_incidents=1)
    rows, days = by(answer, "control"), [began(record).date() for record, _ in named]
    assert rows.keys() == wanted.keys()
    assert {(row["window_from"], row["window_to"]) for row in answer} == {(min(days), max(days))}
    order = [(-row["prevented"], -row["incidents"], row["control"]) for row in answer]
    assert order == sorted(order) and len({prevented for prevented, *_ in order}) > 1
    for key, row in rows.items():
        names = {"incidents": "incidents", "missing": "no", "failed": "failed"} | {
            word: word for word in ("prevented", "detected", "mitigated")
        }
        assert {name: row[name] for name in names} == {name: wanted[key][word] for name, word in names.items()}
        assert row["of_incidents"] == len({record["id"] for record, _ in named})
    assert {row["control"] for row in simulated.answer("missing_controls", least_incidents=9)} == {
        key[0] for key, counts in wanted.items() if counts["incidents"] >= 9
    }


def test_hypotheses_are_counted_by_their_state_with_their_tests(simulated):
    wanted = defaultdict(Counter)
    for record in simulated.organisation.incidents:
        found = record.get("analysis", {})
        key = record["category"], began(record).year
        wanted[key].update(one["state"] for one in found.get("hypotheses", []))
        wanted[key]["tests"] += len(found.get("tests", []))
    rows = by(simulated.answer("hypotheses_refuted"), "category", "year")
    names = {"still_open": "open", "supported": "supported", "refuted": "refuted", "tests": "tests"}
    assert {key: {name: row[name] for name in names} for key, row in rows.items()} == {
        key: {name: counts[word] for name, word in names.items()} for key, counts in wanted.items()
    }


def test_calibration_counts_each_verified_record_whose_root_cause_rests_on_a_weighed_hypothesis(simulated):
    verified = [
        record
        for record in simulated.organisation.records.values()
        if record["stage"] == "verified" and any("hypothesis" in cause for cause in record.get("root_causes", []))
    ]
    assert 1 < len(verified) < 30 and all(record["analysis"]["matrix"] for record in verified)
    (row,) = simulated.answer("calibration")
    assert row["verdict"] == f"cannot tell: {len(verified)} of 30 records with a verified outcome"
    rows = simulated.answer("calibration", least_records=len(verified))
    assert sum(row["records"] for row in rows) == len(verified)
    # of two hypotheses the plan of an organisation always lets the first be the cause
    assert all(row["first_was_right"] == row["records"] for row in rows if row["margin_from"] > 0)


def test_artifacts_are_counted_by_the_part_they_played(simulated):
    wanted, with_cause = defaultdict(Counter), set()
    for record in simulated.organisation.incidents:
        parts = {(one["name"], one["kind"], one["role"]) for one in record.get("context", {}).get("artifacts", [])}
        with_cause |= {record["id"] for *_, role in parts if role == "cause"}
        for name, kind, role in parts:
            wanted[name, kind][role] += 1
    rows = by(simulated.answer("artifacts_involved", least_incidents=1), "name", "kind")
    names = {"as_cause": "cause", "as_carrier": "carrier", "as_affected": "affected"}
    assert {key: {name: row[name] for name in names} for key, row in rows.items()} == {
        key: {name: counts[role] for name, role in names.items()} for key, counts in wanted.items()
    }
    assert {row["of_incidents"] for row in rows.values()} == {len(with_cause)}


def test_fields_of_a_section_are_missing_where_the_records_lack_them(simulated):
    asked = ("impact_started_at", "detected_at", "introduced_at", "acknowledged_at", "mitigated_at", "resolved_at")
    missing, records = Counter(), Counter()
    for record in simulated.organisation.incidents:
        key = record["stage"], began(record).year
        missing[key] += sum(name not in record["chronology"] for name in asked) + ("timeline" not in record)
        missing[key] += record["stage"] == "verified" and "closed_at" not in record["chronology"]
        records[key] += 1
    rows = by(simulated.answer("section_completeness"), "section", "stage", "year")
    of_times = {key[1:]: row for key, row in rows.items() if key[0] == "chronology"}
    assert {key: row["missing"] for key, row in of_times.items()} == missing
    assert {key: row["records"] for key, row in of_times.items()} == records
    for row in rows.values():
        assert row["asked"] == row["answered"] + row["stated_without_value"] + row["missing"]
    assert {row["stage"] for row in simulated.answer("section_completeness", least_stage="published")} == {
        "published",
        "verified",
    }


def test_evidence_can_be_run_again_where_it_names_query_value_and_data(simulated):
    wanted = defaultdict(Counter)
    for record in simulated.organisation.incidents:
        for piece in record.get("evidence", []):
            whole = {"query", "expected", "data"} <= piece.keys()
            wanted[piece["kind"], began(record).year].update(("pieces", *(["rerunnable"] if whole else [])))
    rows = by(simulated.answer("rerunnable_evidence"), "kind", "year")
    assert {
        key: Counter({n: row[n] for n in ("pieces", "rerunnable") if row[n]}) for key, row in rows.items()
    } == wanted


def test_scenarios_are_rehearsed_as_long_ago_as_their_last_run(simulated):
    wanted = defaultdict(Counter)
    now = date.fromisoformat(today(simulated))
    for record in simulated.organisation.records.values():
        for one in record.get("scenarios", []):
            key = one["kind"], one["shape"]
            wanted[key]["scenarios"] += 1
            for run in one.get("runs", [])[-1:]:
                age = (now - datetime.fromisoformat(run["run_at"]).date()).days
                wanted[key].update(("rehearsed", run["result"], *(["rehearsed_lately"] if age <= 365 else [])))
    rows = by(simulated.answer("rehearsals"), "kind", "shape")
    names = ("scenarios", "rehearsed", "rehearsed_lately", "as_expected", "not_as_expected")
    assert {key: {name: row[name] for name in names} for key, row in rows.items()} == {
        key: {name: counts[name] for name in names} for key, counts in wanted.items()
    }
    assert sum(row["scenarios"] for row in rows.values()) == simulated.truth["counts"]["scenarios"]


def test_post_mortems_are_led_from_outside_where_the_facilitator_is_of_another_team(simulated):
    wanted = defaultdict(Counter)
    for record in simulated.organisation.incidents:
        if people := record.get("participants"):
            owners = {one.get("owner_team") for one in record["root_causes"] + record["contributing_factors"]}
            teams = {one["team"] for one in people if one["role"] == "facilitator"}
            wanted[began(record).year,].update(
                ["incidents"] + ["led"] * bool(teams) + ["led_from_outside"] * bool(teams - owners)
            )
    rows = by(simulated.answer("facilitation"), "year")
    names = ("incidents", "led", "led_from_outside")
    assert {key: {name: row[name] for name in names} for key, row in rows.items()} == {
        key: {name: counts[name] for name in names} for key, counts in wanted.items()
    }
    assert all(row["facilitating_teams"] == min(1, row["led"]) for row in rows.values())  # one team leads all of them


def test_codes_are_counted_once_an_incident(simulated):
    wanted = Counter()
    for record in simulated.organisation.incidents:
        kinds = ("triggers", "root_causes", "contributing_factors")
        wanted.update({one["code"] for kind in kinds for one in record.get(kind, [])})
    rows = by(simulated.answer("recurring_causes"), "code")
    assert {key[0]: row["incidents"] for key, row in rows.items()} == {c: n for c, n in wanted.items() if n >= 2}


def test_lists_of_work_hold_what_the_truth_counts(simulated):
    counts = simulated.truth["counts"]
    assert len(simulated.answer("late_actions")) == counts["actions_late"] > 0
    assert len(simulated.answer("overdue_follow_ups")) == counts["follow_ups_overdue"] > 0
    assert len(simulated.answer("expired_risks")) == counts["risks_expired"] > 0
    assert len(simulated.answer("expired_risks", days_ahead=10000)) == counts["risks_accepted"]
    very_late = [row for row in simulated.answer("late_actions") if row["days_late"] > 100]
    assert simulated.answer("late_actions", least_days_late=100) == very_late != []
    refused = {(row["path"], row["code"]) for row in simulated.answer("set_aside")}
    assert refused == {(bad["path"], bad["code"]) for bad in counts["bad_files"]}
    assert simulated.answer("unmapped_words") == []
    # nobody says why an action is late, and a follow-up has a result or none: the rules find the same work undone
    broken = Counter(row["rule"] for row in simulated.answer("broken_rules"))
    assert broken == {
        "PM207": counts["actions_late"],
        "PM209": _left_at_did_not_hold(simulated),
        "PM211": counts["follow_ups_overdue"],
    }


def _left_at_did_not_hold(simulated: Simulated) -> int:
    """Done actions whose last look says that they did not hold, with no open one against the same cause."""
    found = 0
    for record, action in actions(simulated):
        results = [one["result"] for one in action.get("verifications", [])]
        others = [one for one in record["actions"] if one is not action]
        goes_on = any(
            one["status"] in ("proposed", "accepted", "in_progress") and set(one["prevents"]) & set(action["prevents"])
            for one in others
        )
        found += action["status"] == "done" and results[-1:] == ["did_not_hold"] and not goes_on
    return found
