"""The weekly baseline: closed forms, published values, guards; the bars it must reach: validation/baselines.py."""

from random import Random

import duckdb
import numpy as np
import pytest
from scipy import stats

from pipelines.analysis import baselines, series, tables
from pipelines.analysis.baselines import EARLY, LEFT, NOTHING, QUIET, VERDICTS, dispersion, prior
from tests.unit.mart_fixture import create
from tests.unit.report_situations import SITUATIONS


def judge(last: int, **named: list[int]) -> list[dict]:
    """The rows of one week, each with the name of its series; NaN as None."""
    judged = baselines.judge(np.array(list(named.values())), [last + 1])
    names, columns = list(named), [judged[name].tolist() for name in judged]
    rows = [dict(zip(judged, values, strict=True)) for values in zip(*columns, strict=True)]
    return [
        {name: None if value != value else value for name, value in row.items()}
        | {"series": names[row["series"]], "verdict": VERDICTS[row["verdict"]]}
        for row in rows
    ]


def judged(last: int, **named: list[int]) -> dict[tuple[str, int], dict]:
    return {(row["series"], row["window_weeks"]): row for row in judge(last, **named)}


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
    random, named = Random(9), {}
    for i in range(440):
        rate = random.choice([0.02, 0.3, 2, 40, 900])
        named[f"s{i}"] = [round(random.gammavariate(1, rate)) for _ in range(70)]
    checked = 0
    for row in judge(69, **named):
        if row["rate"] is None:
            continue
        shape = row["prior_a"] + row["history_incidents"] / row["dispersion"]
        weight = row["prior_b"] + row["history_weeks"] / row["dispersion"]
        mean = row["window_weeks"] * shape / weight
        variance = row["dispersion"] * mean + row["window_weeks"] ** 2 * shape / weight**2
        nbinom = stats.nbinom(mean**2 / (variance - mean), mean / variance)
        assert (row["routine_low"], row["routine_high"]) == (nbinom.ppf(0.025), nbinom.ppf(0.975))
        assert row["p_upper"] == pytest.approx(nbinom.sf(row["incidents"] - 1), rel=1e-9, abs=1e-12)
        assert row["rate_high"] == pytest.approx(stats.gamma.ppf(0.975, shape, scale=1 / weight), rel=1e-9)
        checked += 1
    assert checked >= 1_000


def test_the_prior_is_that_of_the_moments():
    between = 1.125 - 1.25 / 52
    assert prior(np.array([26, 104]), np.array([52.0, 52.0])) == pytest.approx((1.25**2 / between, 1.25 / between))


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
    incidents, weeks = np.array(histories, dtype=float).reshape(-1, 2).T
    assert prior(incidents, weeks) == pytest.approx(expected)


def phi(weeks: int, incidents: list[float], squares: list[float]) -> list[float]:
    shape = np.array(incidents, dtype=float), np.full(len(incidents), float(weeks)), np.array(squares, dtype=float)
    return dispersion(weeks, *shape).tolist()


def test_dispersion_is_drawn_towards_what_is_usual_and_never_below_one():
    assert phi(52, [52], [52]) == [1.0]  # one a week: less spread than Poisson
    alone = 52 / 51 * 4 / 2  # four every second week: variance over mean
    assert phi(52, [26 * 4], [26 * 16]) == pytest.approx([alone])
    usual = (alone + 0) / 2
    assert phi(52, [26 * 4, 52], [26 * 16, 52]) == pytest.approx([(51 * alone + 156 * usual) / 207, 1.0])
    assert phi(52, [0, 0], [0, 0]) == [1.0, 1.0]
    assert phi(1, [4], [16]) == [1.0]


def test_exposure_of_two_a_week_halves_the_rate_and_leaves_the_range_as_it_is():
    counts = np.array([[2, 1, 3] * 20, [1, 0, 2] * 20])
    alone = baselines.judge(counts, [60])
    doubled = baselines.judge(counts, [60], exposure=np.full(counts.shape, 2.0))
    np.testing.assert_allclose(doubled["dispersion"], alone["dispersion"], rtol=1e-12)
    assert (doubled["window_exposure"] == 2 * alone["window_exposure"]).all()
    assert np.nanmax(np.abs(doubled["rate"] / alone["rate"] - 0.5)) < 0.03  # the prior's weight is in exposure
    assert np.nanmax(np.abs(doubled["routine_high"] - alone["routine_high"])) <= 1


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
    values = {"a": [2, 1, 3] * 20 + [11, 5, 4, 6], "b": [1, 0] * 32}
    for row in [row for last in range(64) for row in judge(last, **values)]:
        if row["verdict"] in (LEFT, QUIET):
            is_signal = row["q_value"] <= 0.10 and row["incidents"] > row["routine_high"]
            assert (row["verdict"] == LEFT) == is_signal


def test_the_table_holds_every_full_week_and_is_the_same_at_one_and_two_threads():
    found = []
    for threads in (1, 2):
        con = duckdb.connect(config={"threads": threads})
        SITUATIONS["signal"]().build(con)
        found.append(con.execute("select * from analysis.baselines order by all").fetchall())
        (full,) = con.execute("select count(*) from marts.category_weeks where is_full").fetchone()
        assert sum(row[0] == "category" for row in found[-1]) == 3 * full
    assert found[0] == found[1]
    columns = [row[:2] for row in con.execute("describe analysis.baselines").fetchall()]
    assert columns == list(tables.columns("baselines").items())


def test_no_weeks_give_an_empty_table():
    con = duckdb.connect()
    create(con)
    for name in ("fault_lines", "fault_line_incidents"):
        tables.create(con, name)
    assert series.write(con) == 0
    assert con.execute("select count(*) from analysis.baselines").fetchone() == (0,)
