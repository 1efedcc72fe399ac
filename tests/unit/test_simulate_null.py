"""The null organisation: the same generator and noise, and nothing to be found in it.

Here: twenty seeds, held against the planted ones. Facts are drawn without writing files: what is not planted in them
can be in no record. Not here: the files (test_simulate.py).
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from scipy.stats import binom, chi2, poisson

from pipelines.simulate import plan
from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import SEASON_WEEKS, filed_share, monday, name
from tests.unit.simulated import Organisation, started_on
from tests.unit.test_simulate_truth import replays

SEEDS, INCIDENTS, WEEKS = range(20), 400, 156


@pytest.fixture(scope="module")
def null(tmp_path_factory) -> Organisation:
    return Organisation.written(tmp_path_factory.mktemp("null") / "organisation", is_null=True)


def facets(drawn) -> list[tuple[str, str, str]]:
    """(code, artifact, factor) of every incident that names all three."""
    made = [Facts(drawn, "incident", number) for number in range(drawn.incidents)]
    written = [facts for facts in made if facts.revisions[-1][0] != "draft"]
    return [(facts.code, facts.artifact.name, factor) for facts in written for factor in facts.factors]


def excesses(rows: list[tuple[str, str, str]]) -> dict[tuple, tuple[float, float]]:
    """For each triple its excess over what its parts let expect, and the chance of as many."""
    ones = [Counter(row[n] for row in rows) for n in range(3)]
    pairs = {(i, j): Counter((row[i], row[j]) for row in rows) for i, j in combinations(range(3), 2)}
    found = {}
    for triple, n in Counter(rows).items():
        splits = (((0, 1), 2), ((0, 2), 1), ((1, 2), 0))
        expected = max(pairs[i, j][triple[i], triple[j]] * ones[k][triple[k]] / len(rows) for (i, j), k in splits)
        found[triple] = (n - expected, poisson.sf(n - 1, expected))
    return found


def remarkable(found: dict) -> set[tuple]:
    """Triples that stay remarkable at a false-discovery rate of 5 % (Benjamini–Hochberg)."""
    ordered = sorted(found, key=lambda triple: found[triple][1])
    limits = [n for n, triple in enumerate(ordered, 1) if found[triple][1] <= 0.05 * n / len(ordered)]
    return set(ordered[: max(limits, default=0)])


def test_no_triple_of_the_null_reaches_the_excess_of_a_planted_one_and_all_planted_ones_are_found():
    most, least = 0.0, float("inf")
    for seed in SEEDS:
        by_chance = excesses(facets(plan.make(INCIDENTS, seed, WEEKS, is_null=True)))
        assert remarkable(by_chance) == set()
        most = max([most, *(excess for excess, _ in by_chance.values())])
        drawn = plan.make(INCIDENTS, seed, WEEKS, is_null=False)
        found, lines = excesses(facets(drawn)), {(line.code, line.artifact, line.factor) for line in drawn.lines}
        assert remarkable(found) == lines and len(lines) == 4
        assert all(len(set(line.numbers)) == len(line.numbers) for line in drawn.lines)
        least = min([least, *(found[line][0] for line in lines)])
    assert most < 5 < least


def test_planted_incidents_are_all_different_and_name_their_causes_however_late_they_are_filed():
    for seed in range(200):
        drawn = plan.make(INCIDENTS, seed, WEEKS, is_null=False)
        assert all(len(set(line.numbers)) == len(line.numbers) for line in drawn.lines)
        last_weeks = [number for number, one in drawn.planted.items() if one.code and drawn.place(number)[0] > 150]
        assert all(Facts(drawn, "incident", number).revisions[-1][0] != "draft" for number in last_weeks)


def test_rates_of_the_null_differ_between_weeks_by_chance_only():
    shares = [sum(filed_share(monday(week, WEEKS) + 720 + 1440 * day) for day in range(7)) for week in range(WEEKS)]
    windows = [slice(start, start + 26) for start in range(0, WEEKS, 26)]
    chances = []
    for seed in SEEDS:
        drawn = plan.make(INCIDENTS, seed, WEEKS, is_null=True)
        for category in range(3):
            counts = [len(drawn.numbers(week, category)) for week in range(WEEKS)]
            expected = [sum(shares[window]) * sum(counts) / sum(shares) for window in windows]
            seen = [sum(counts[window]) for window in windows]
            statistic = sum((o - e) ** 2 / e for o, e in zip(seen, expected, strict=True))
            chances.append(chi2.sf(statistic, len(windows) - 1))
    assert min(chances) > 0.05 / len(chances) / 5
    assert 0.4 < sum(chance < 0.5 for chance in chances) / len(chances) < 0.65


def test_the_null_has_no_season():
    week_of = [int(name(week, WEEKS)[-2:]) in SEASON_WEEKS for week in range(WEEKS)]
    whole = range(WEEKS - 8)  # the newest weeks are not filed yet, and lie in the season
    for is_null in (True, False):
        counts = {True: 0, False: 0}
        for seed in SEEDS:
            drawn = plan.make(INCIDENTS, seed, WEEKS, is_null)
            for week in whole:
                counts[week_of[week]] += len(drawn.week_numbers(week))
        n_season = sum(week_of[week] for week in whole)
        ratio = counts[True] / n_season / (counts[False] / (len(whole) - n_season))
        assert (0.93 < ratio < 1.07) if is_null else ratio > 1.2


def test_the_planted_rate_change_could_not_be_chance():
    for seed in SEEDS:
        drawn = plan.make(INCIDENTS, seed, WEEKS, is_null=False)
        counts = [len(drawn.numbers(week, drawn.changed)) for week in range(WEEKS)]
        assert binom.sf(sum(counts[-26:]) - 1, sum(counts), 26 / WEEKS) < 0.001


def test_the_truth_of_the_null_says_that_nothing_is_planted(null):
    truth = null.truth
    assert truth["is_null"] and truth["fault_lines"] == truth["fixes"] == []
    assert [truth[name] for name in ("rate_change", "signal", "season", "completeness_drift")] == [None] * 4
    assert {link["relation"] for record in null.incidents for link in record.get("related", [])} <= {"variant"}


def test_actions_exist_in_the_null_and_no_history_fires_before_its_impact(null):
    counts = null.truth["counts"]
    assert counts["actions_done"] > 50 and counts["by_stage"]["verified"] > 10
    replayed = [(record["chronology"]["impact_started_at"], fired) for record, _, fired in replays(null)]
    assert len(replayed) >= 5
    assert all(min(fired) >= impact for impact, fired in replayed if impact != "not_applicable")


def test_incidents_of_the_null_are_spread_over_all_services_and_weeks(null):
    services = Counter(service for record in null.incidents for service in record["scope"]["services"])
    assert len(services) == 20 and max(services.values()) < 45
    assert len({started_on(record)[:7] for record in null.incidents}) >= 36
