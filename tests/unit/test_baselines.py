"""The weekly baseline: closed forms, published values, and the bars it must reach by seeded simulation."""

from math import sqrt
from random import Random

import duckdb
import pytest
from scipy import stats

from pipelines.analysis import baselines
from pipelines.analysis.baselines import EARLY, LEFT, NOTHING, QUIET, benjamini_hochberg, dispersion, judge, prior
from tests.unit.mart_fixture import create
from tests.unit.report_situations import SITUATIONS


def week(i: int) -> str:
    return f"{2000 + i // 52}-W{i % 52 + 1:02}"


def counts_of(**series: list[int]) -> list[tuple[str, str, int]]:
    return [(name, week(i), n) for name, values in series.items() for i, n in enumerate(values)]


def judged(last: int, **series: list[int]) -> dict[tuple[str, int], dict]:
    return {(row["category"], row["window_weeks"]): row for row in judge(counts_of(**series), [week(last)])}


def test_the_interval_of_a_series_alone_is_that_of_jeffreys_by_the_chi_square_form():
    row = judged(52, a=[1] * 53)["a", 1]
    assert (row["history_weeks"], row["history_incidents"], row["dispersion"]) == (52, 52, 1.0)
    assert row["rate"] == pytest.approx(52.5 / 52)
    assert row["rate_low"] == pytest.approx(stats.chi2.ppf(0.025, 105) / 104)
    assert row["rate_high"] == pytest.approx(stats.chi2.ppf(0.975, 105) / 104)


def test_without_extra_spread_the_window_is_the_negative_binomial_of_methods_b():
    row = judged(52, a=[1] * 53)["a", 1]
    size, success = 52.5, 52 / 53
    assert row["p_upper"] == pytest.approx(1 - success**size)
    assert row["routine_low"] == stats.nbinom.ppf(0.025, size, success)
    assert row["routine_high"] == stats.nbinom.ppf(0.975, size, success)


def test_the_predictive_tail_is_the_mixture_of_poisson_tails_over_the_rate():
    row = judged(64, a=[2, 3] * 32 + [9], b=[1] * 65)["a", 4]
    shape = row["prior_a"] + row["history_incidents"]
    weight = row["prior_b"] + row["history_weeks"]
    draws = stats.gamma.ppf([(i + 0.5) / 20000 for i in range(20000)], shape, scale=1 / weight)
    assert row["dispersion"] == 1.0
    assert row["p_upper"] == pytest.approx(stats.poisson.sf(row["incidents"] - 1, 4 * draws).mean(), rel=1e-3)


def test_ranges_and_tails_are_those_of_scipy_stats_whatever_the_size_of_counts():
    random, series = Random(9), {}
    for i in range(60):
        rate = random.choice([0.02, 0.3, 2, 40, 900])
        series[f"s{i}"] = [round(random.gammavariate(1, rate)) for _ in range(70)]
    checked = 0
    for row in judge(counts_of(**series), [week(69)]):
        if row["rate"] is None:
            continue
        shape = row["prior_a"] + row["history_incidents"] / row["dispersion"]
        weight = row["prior_b"] + row["history_weeks"] / row["dispersion"]
        mean = row["window_weeks"] * shape / weight
        variance = row["dispersion"] * mean + row["window_weeks"] ** 2 * shape / weight**2
        nbinom = stats.nbinom(mean**2 / (variance - mean), mean / variance)
        assert (row["routine_low"], row["routine_high"]) == (nbinom.ppf(0.025), nbinom.ppf(0.975))
        assert row["p_upper"] == pytest.approx(nbinom.sf(row["incidents"] - 1), rel=1e-6, abs=1e-9)
        assert row["rate_high"] == pytest.approx(stats.gamma.ppf(0.975, shape, scale=1 / weight), rel=1e-6)
        checked += 1
    assert checked > 100


def test_the_prior_is_that_of_the_moments():
    between = 1.125 - 1.25 / 52
    assert prior([(26, 52), (104, 52)]) == pytest.approx((1.25**2 / between, 1.25 / between))


@pytest.mark.parametrize(
    ("histories", "expected"),
    [
        ([(52, 52)], (0.5, 0.0)),
        ([], (0.5, 0.0)),
        ([(0, 52), (0, 52)], (0.5, 0.0)),
        ([(52, 52), (52, 52)], (4.0, 4.0)),
        ([(52, 52), (60, 52), (48, 52)], (4 * 160 / 156, 4.0)),
    ],
    ids=["a series alone", "none", "nothing seen", "all alike", "as alike as chance makes them"],
)
def test_the_guards_of_the_prior_hold(histories, expected):
    assert prior(histories) == pytest.approx(expected)


def test_dispersion_is_drawn_towards_one_and_never_below():
    assert dispersion(52, 52, 52) == 1.0  # one a week: less spread than Poisson
    total, squares = 26 * 4, 26 * 16  # four every second week
    variance, mean = 52 / 51 * 4, 2
    assert dispersion(52, total, squares) == pytest.approx((51 * variance / mean + 20) / 71)
    assert dispersion(52, 0, 0) == 1.0
    assert dispersion(1, 4, 16) == 1.0


def test_benjamini_hochberg_gives_the_result_of_the_paper_of_1995():
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    p_values += [0.6528, 0.7590, 1.0]
    q_values = benjamini_hochberg(p_values[::-1])[::-1]
    assert sum(q <= 0.05 for q in q_values) == 4
    assert q_values[3] == pytest.approx(0.0095 * 15 / 4)
    assert q_values == sorted(q_values)


def test_twelve_full_weeks_before_are_too_early_and_thirteen_are_judged():
    assert judged(12, a=[1] * 13)["a", 1]["verdict"] == EARLY
    early = judged(12, a=[1] * 12 + [50])["a", 1]
    assert early["verdict"] == EARLY
    assert early["rate"] is early["routine_high"] is early["q_value"] is None
    rows = judged(13, a=[1] * 14)
    assert [rows["a", window]["verdict"] for window in (1, 4, 13)] == [QUIET, EARLY, EARLY]


def test_a_series_never_seen_is_no_data_and_does_not_enter_the_prior():
    alone, beside = judged(60, a=[2, 1] * 31), judged(60, a=[2, 1] * 31, never=[0] * 62)
    assert beside["never", 1]["verdict"] == NOTHING
    assert beside["a", 1]["prior_b"] == alone["a", 1]["prior_b"] == 0


def test_the_first_incidents_of_a_category_can_be_a_signal():
    rows = judged(60, new=[0] * 60 + [6], old=[1, 2] * 30 + [1])
    assert rows["new", 1]["verdict"] == LEFT


def test_history_ends_before_the_window_and_is_at_most_a_year():
    values = [100] * 10 + [1] * 52 + [7] * 4
    row = judged(65, a=values)["a", 4]
    assert (row["incidents"], row["history_weeks"], row["history_incidents"]) == (28, 52, 52)


def test_eleven_against_a_usual_two_leaves_the_routine_range_and_a_fall_never_does():
    rows = judged(60, a=[2, 1, 3] * 20 + [11], b=[6, 7, 5] * 20 + [0])
    assert rows["a", 1]["verdict"] == LEFT
    assert rows["a", 1]["incidents"] > rows["a", 1]["routine_high"]
    assert rows["b", 1]["verdict"] == QUIET
    assert rows["b", 1]["incidents"] < rows["b", 1]["routine_low"]


def test_a_signal_takes_both_a_small_q_and_a_count_above_the_range():
    for row in judge(counts_of(a=[2, 1, 3] * 20 + [11, 5, 4, 6], b=[1, 0] * 32)):
        if row["verdict"] in (LEFT, QUIET):
            is_signal = row["q_value"] <= 0.10 and row["incidents"] > row["routine_high"]
            assert (row["verdict"] == LEFT) == is_signal


def simulated(random: Random, rates: list[float], weeks: int, times: float = 1, over: int = 0) -> list:
    from tests.unit.report_situations import _poisson

    return [
        (f"s{i:03}", week(w), _poisson(random, rate * (times if w >= weeks - over and i == 0 else 1)))
        for i, rate in enumerate(rates)
        for w in range(weeks)
    ]


@pytest.mark.parametrize(("series", "weeks"), [(3, 14), (4, 65)], ids=["a young source", "a year of four categories"])
def test_the_interval_covers_the_true_rate_and_quiet_reports_raise_few_alarms(series, weeks):
    """Coverage .93-.98; a report in ten may err at q = .10, measured .03-.05 (1,500 reports)."""
    random, covered, intervals, alarms = Random(2026), 0, 0, 0
    reports = 120
    for _ in range(reports):
        rates = [random.gammavariate(2, 0.5) for _ in range(series)]
        rows = judge(simulated(random, rates, weeks), [week(weeks - 1)])
        alarms += any(row["verdict"] == LEFT for row in rows)
        for row in rows:
            if row["window_weeks"] == 1 and row["rate"] is not None:
                intervals += 1
                covered += row["rate_low"] <= rates[int(row["category"][1:])] <= row["rate_high"]
    error = 2 * sqrt(0.95 * 0.05 / intervals)
    assert 0.93 - error <= covered / intervals <= 0.98 + error
    assert alarms / reports <= 0.10


def test_three_hundred_quiet_series_raise_at_most_fifteen_false_alarms_in_a_hundred_reports():
    random, alarms = Random(300), 0
    reports = 8
    for _ in range(reports):
        rates = [random.gammavariate(2, 0.5) for _ in range(300)]
        alarms += sum(row["verdict"] == LEFT for row in judge(simulated(random, rates, 65), [week(64)]))
    assert alarms <= 2  # .03 a report measured over 60; eight reports leave room for two


def test_a_rate_five_times_as_high_for_four_weeks_is_seen():
    random, seen = Random(5), 0
    for _ in range(40):
        rates = [1.0] + [random.gammavariate(2, 0.5) for _ in range(3)]
        rows = judge(simulated(random, rates, 69, times=5, over=4), [week(68)])
        seen += any(row["category"] == "s000" and row["verdict"] == LEFT for row in rows)
    assert seen / 40 >= 0.65


def test_the_table_holds_every_full_week_and_is_the_same_at_one_and_two_threads():
    tables = []
    for threads in (1, 2):
        con = duckdb.connect(config={"threads": threads})
        SITUATIONS["signal"]().build(con)
        tables.append(con.execute("select * from analysis.category_baselines order by all").fetchall())
        (full,) = con.execute("select count(*) from marts.category_weeks where is_full").fetchone()
        assert len(tables[-1]) == 3 * full
    assert tables[0] == tables[1]
    columns = [row[:2] for row in con.execute("describe analysis.category_baselines").fetchall()]
    assert columns == list(baselines.COLUMNS.items())


def test_no_weeks_give_an_empty_table():
    con = duckdb.connect()
    create(con)
    assert baselines.write(con) == 0
    assert con.execute("select count(*) from analysis.category_baselines").fetchone() == (0,)
