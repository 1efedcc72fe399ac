"""The intervals in closed form, against scipy's, and how often they hold the truth."""

from __future__ import annotations

import duckdb
import pytest
from scipy.stats import binom, binomtest, norm

from pipelines.analysis import intervals

Z = 1.959963984540054


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        intervals.define(con)
        yield con


def ask(con, call: str):
    return con.execute(f"select {call}").fetchone()[0]


@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 12), (1, 1), (3, 10), (57, 143), (143, 143), (2, 5000)])
def test_a_share_lies_between_the_bounds_of_wilson(con, k, n):
    wanted = binomtest(k, n).proportion_ci(2 * norm.cdf(Z) - 1, method="wilson")
    found = [ask(con, f"analysis.share_{end}({k}, {n}, {Z})") for end in ("low", "high")]
    assert found == pytest.approx([wanted.low, wanted.high], abs=1e-9)


def test_of_nothing_counted_everything_is_possible(con):
    assert [ask(con, f"analysis.share_{end}(0, 0, 2.0)") for end in ("low", "high")] == [0, 1]
    assert [ask(con, f"analysis.ratio_{end}(0, 9, 0, 9, 2.0)") for end in ("low", "high")] == [0, None]


def test_a_bound_of_a_ratio_is_the_odds_of_the_share_times_the_exposures(con):
    for k1, k0 in ((12, 30), (1, 18), (4, 1), (1, 1), (300, 2), (7, 0), (0, 3)):
        share = binomtest(k1, k1 + k0).proportion_ci(2 * norm.cdf(Z) - 1, method="wilsoncc")
        for end, bound in (("low", share.low), ("high", share.high)):
            found = ask(con, f"analysis.ratio_{end}({k1}, 26, {k0}, 130, {Z})")
            assert found == (None if bound == 1 else pytest.approx(bound / (1 - bound) * 130 / 26, abs=1e-6))


def test_without_incidents_on_one_side_a_bound_is_zero_or_infinite_and_never_merely_huge(con):
    for n in range(1, 200):
        assert ask(con, f"analysis.ratio_high({n}, 10, 0, 20, 2.6)") is None
        assert str(ask(con, f"analysis.ratio_low(0, 10, {n}, 20, 2.6)")) == "0.0"


def test_equal_rates_lie_within_the_interval_at_least_as_often_as_it_says_and_not_always(con):
    for n, exposed in ((5, 0.21), (10, 0.15), (25, 0.4), (60, 0.15)):
        e1, e0 = round(100 * exposed), 100 - round(100 * exposed)
        held = 0.0
        for k in range(n + 1):
            call = "analysis.ratio_{}({}, {}, {}, {}, 1.96)"
            low, high = (ask(con, call.format(end, k, e1, n - k, e0)) for end in ("low", "high"))
            held += binom.pmf(k, n, exposed) * (low <= 1 and (high is None or high >= 1))
        assert 0.95 <= held < 0.999
