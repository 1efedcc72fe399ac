"""The analysis against reference libraries on the raw data, to 1e-9: scipy.stats and statsmodels, with edge cases.

Here: functions over arrays. Not here: the bars of the methods (validation/), the SQL that counts (dbt's unit tests).
"""

import warnings

import duckdb
import numpy as np
import pytest
from scipy import stats

from pipelines.analysis import fault_lines, nowcast, prevention, shrinkage, survival
from pipelines.analysis.many_looks import q_values

CASES = 1_000


def test_q_values_are_those_of_scipy_ties_ones_and_nothing_among_them():
    random = np.random.default_rng(1)
    for case in range(CASES):
        p = random.random(case % 40)
        p[: case % 7] = np.round(p[: case % 7], 1)  # ties, noughts and ones
        np.testing.assert_allclose(q_values(p), stats.false_discovery_control(p) if len(p) else p, atol=1e-12)


def test_looks_that_were_left_out_can_only_make_q_larger():
    p = np.array([0.001, 0.01, 0.2])
    whole = stats.false_discovery_control(np.concatenate([p, np.ones(97)]))[:3]
    np.testing.assert_allclose(q_values(p, 100), np.minimum(whole, 1), atol=1e-12)
    with pytest.raises(ValueError, match="3 p-values of 2 looks"):
        q_values(p, 2)


def test_benjamini_hochberg_gives_the_result_of_the_paper_of_1995():
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240])
    p = np.concatenate([p, [0.4262, 0.5719, 0.6528, 0.7590, 1.0]])
    found = q_values(p[::-1])[::-1]
    assert (found <= 0.05).sum() == 4
    assert found[3] == pytest.approx(0.0095 * 15 / 4)


def test_tails_and_intervals_of_a_set_are_those_of_the_poisson_on_the_counts():
    random = np.random.default_rng(2)
    incidents = random.integers(3, 60, CASES).astype(float)
    expected = random.gamma(0.5, 10, CASES) + 1e-5
    p, q = fault_lines.chance(incidents, expected, 5 * CASES)
    np.testing.assert_allclose(p, stats.poisson.sf(incidents - 1, expected), rtol=1e-9, atol=1e-12)
    assert (q >= stats.false_discovery_control(p)).all()
    low, high = fault_lines.ratio_interval(incidents, expected)
    np.testing.assert_allclose(low * expected, stats.chi2.ppf(0.025, 2 * incidents) / 2, rtol=1e-9)
    np.testing.assert_allclose(high * expected, stats.chi2.ppf(0.975, 2 * incidents + 2) / 2, rtol=1e-9)
    ebgm, eb05 = fault_lines.strength(incidents, expected, np.arange(CASES))
    a, b = shrinkage.fit(incidents, expected, 3)
    posterior = stats.gamma(a + incidents, scale=1 / (b + expected))
    np.testing.assert_allclose(eb05, posterior.ppf(0.05), rtol=1e-9)
    draws = posterior.rvs((20_000, CASES), random_state=3)
    np.testing.assert_allclose(ebgm, np.exp(np.log(draws).mean(axis=0)), rtol=0.02)


def test_the_prior_of_the_shrinker_is_the_likeliest_one_given_what_was_kept():
    random = np.random.default_rng(4)
    expected = random.gamma(1, 3, 40_000)
    counts = random.poisson(random.gamma(2.0, 1 / 1.5, 40_000) * expected)
    kept = counts >= 3
    a, b = shrinkage.fit(counts[kept], expected[kept], 3)
    assert (a, b) == pytest.approx((2.0, 1.5), rel=0.15)

    def likelihood(a: float, b: float) -> float:
        size, success = a, b / (b + expected[kept])
        return float(np.sum(
            stats.nbinom.logpmf(counts[kept], size, success) - stats.nbinom.logsf(2, size, success)
        ))  # fmt: skip

    best = likelihood(a, b)
    assert all(best >= likelihood(a * i, b * j) - 1e-6 for i in (0.95, 1, 1.05) for j in (0.95, 1, 1.05))


def test_of_nothing_and_of_one_set_no_prior_is_learnt():
    nothing = np.empty(0)
    assert [found.shape for found in fault_lines.chance(nothing, nothing, 0)] == [(0,), (0,)]
    assert [found.shape for found in fault_lines.strength(nothing, nothing, np.empty(0, dtype=int))] == [(0,), (0,)]
    assert shrinkage.fit(np.array([3.0]), np.array([1.0]), 3) == (1.0, 1.0)


def test_verdicts_rest_on_the_exact_interval_of_statsmodels_and_the_beta_of_scipy():
    from statsmodels.stats.proportion import proportion_confint

    random = np.random.default_rng(5)
    before, after = random.integers(0, 30, CASES), random.integers(0, 30, CASES)
    days_before, days_after = random.integers(1, 900, CASES), random.integers(1, 900, CASES)
    found = prevention.compare(before, days_before, after, days_after)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels divides by nought where nothing was counted, and gives NaN
        low, high = proportion_confint(after, before + after, method="beta")
        low, high = low / (1 - low), high / (1 - high)
    some = before + after > 0
    scale = days_before / days_after
    np.testing.assert_allclose(found["ratio_low"][some], (low * scale)[some], rtol=1e-9, atol=1e-12)
    finite = some & (before > 0)
    np.testing.assert_allclose(found["ratio_high"][finite], (high * scale)[finite], rtol=1e-9)
    assert np.isnan(found["ratio_high"][before == 0]).all()
    share = days_after / (days_after + days_before)
    expected = stats.beta.cdf(share, after + 0.5, before + 0.5)
    np.testing.assert_allclose(found["p_reduced"], expected, rtol=1e-9, atol=1e-12)
    assert ((found["verdict"] == prevention.REDUCED) == (expected >= prevention.SURE)).all()


def test_a_fall_that_everything_shared_is_no_merit_and_without_days_nothing_is_said():
    alone = prevention.compare([20], [700], [2], [700])
    beside = prevention.compare([20], [700], [2], [700], others=[0.1])
    assert alone["verdict"] == prevention.REDUCED
    assert beside["verdict"] == prevention.CANNOT_TELL
    for days_before, days_after in ((0, 700), (700, 0)):
        nothing = prevention.compare([3], [days_before], [0], [days_after])
        assert nothing["verdict"] == prevention.CANNOT_TELL
        assert np.isnan(nothing["p_reduced"]).all()


def test_the_day_named_is_the_first_on_which_reduced_can_be_said():
    for before, days_before in ((1, 180), (3, 182), (12, 400)):
        needed = float(prevention.days_needed(before, days_before, 0))
        for days, verdict in ((needed * 0.999, prevention.CANNOT_TELL), (needed * 1.001, prevention.REDUCED)):
            assert prevention.compare([before], [days_before], [0], [days])["verdict"] == verdict


def test_quiet_weeks_needed_are_the_published_ones():
    found = [round(float(prevention.days_needed(n, 26.0, 0, sure=0.95))) for n in (1, 3, 6, 12)]
    assert found == [88, 21, 9, 4]


def curve(spans: list[tuple[int, bool]]) -> list[tuple[int, float, float, float]]:
    """The curve of actions that stayed open for so many days, and whether they closed, by the product's SQL."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA raw; CREATE SCHEMA marts; CREATE SCHEMA intermediate")
    con.execute("SET TimeZone = 'UTC'; CREATE TABLE raw.as_of AS SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' AS as_of")
    con.execute("CREATE TEMP TABLE recurred (after_from DATE, recurred_on DATE)")
    con.execute("CREATE TABLE given (record_id BIGINT, days INTEGER, is_event BOOLEAN)")
    rows = ", ".join(f"({n}, {days}, {is_event})" for n, (days, is_event) in enumerate(spans))
    con.execute(f"INSERT INTO given VALUES {rows}")
    con.execute("""
        CREATE TABLE marts.actions AS
        SELECT record_id, NOT is_event AS is_open,
            CASE WHEN is_event THEN DATE '2025-01-01' + days END AS in_force_on FROM given;
        CREATE TABLE intermediate.int_known_revisions AS
        SELECT record_id, CASE WHEN is_event THEN TIMESTAMPTZ '2025-01-01 00:00:00+00'
            ELSE (DATE '2026-01-01' - days)::TIMESTAMPTZ END AS known_from FROM given;
    """)
    survival.write(con)
    return con.execute(
        "SELECT days, survival, survival_low, survival_high FROM analysis.survival WHERE events > 0 ORDER BY days"
    ).fetchall()


@pytest.mark.parametrize("kind", ["many", "few", "ties", "all on one day", "all censored", "one", "none censored"])
def test_curves_are_those_of_statsmodels(kind):
    from statsmodels.duration.survfunc import SurvfuncRight

    random = np.random.default_rng(6)
    size = {"many": 800, "few": 5, "one": 1}.get(kind, 60)
    days = random.integers(1, 4 if kind == "ties" else 2 if kind == "all on one day" else 300, size)
    status = np.zeros(size) if kind == "all censored" else random.random(size) < (1.1 if "one" in kind else 0.6)
    found = curve(list(zip(days.tolist(), [bool(one) for one in status], strict=True)))
    if not np.any(status):
        assert found == []
        return
    reference = SurvfuncRight(days, status.astype(int))
    assert [row[0] for row in found] == reference.surv_times.tolist()
    np.testing.assert_allclose([row[1] for row in found], reference.surv_prob, atol=1e-9)
    se = reference.surv_prob_se
    for (_, share, low, high), error in zip(found, se, strict=True):
        if low is not None:
            theta = 1.959963984540054 * error / (share * np.log(share))
            assert (low, high) == pytest.approx((share ** np.exp(-theta), share ** np.exp(theta)), abs=1e-9)


def test_the_share_filed_is_the_product_limit_in_reverse_time():
    random = np.random.default_rng(7)
    ages = 7 * np.arange(60, 0, -1)
    counts = np.zeros((60, nowcast.HORIZON + 1), dtype=np.int64)
    for week in range(60):
        np.add.at(counts[week], np.minimum(random.geometric(0.08, 40) - 1, nowcast.HORIZON), 1)
    share = nowcast.filed_share(counts, ages)
    complete = counts[ages >= nowcast.HORIZON]
    assert share[-1] == 1
    assert (np.diff(share) >= 0).all()
    observed = complete.sum(axis=0).cumsum() / complete.sum()
    assert np.abs(share - observed).max() < 0.02
    alone = nowcast.filed_share(complete, ages[ages >= nowcast.HORIZON])
    np.testing.assert_allclose(alone, observed, atol=1e-12)  # nothing cut off: the plain share


def test_too_few_delays_and_too_short_a_history_say_nothing():
    ages = 7 * np.arange(60, 0, -1)
    counts = np.zeros((1, 60, nowcast.HORIZON + 1), dtype=np.int64)
    counts[0, :29, 40] = 1
    assert nowcast.nowcast(counts, ages) == []
    assert nowcast.nowcast(counts[:, -10:], ages[-10:]) == []
    counts[0, :30, 40] = 1
    assert nowcast.nowcast(counts, ages) != []


def test_third_values_are_held_to_the_binomial_tail_and_to_nearly_all_of_the_pair():
    pair, n_pair = np.array([4, 4, 9]), np.array([6.0, 6.0, 12.0])
    chosen = fault_lines.third_values(pair, n_pair, np.array([6.0, 5.0, 7.0]), np.array([1.0, 1.0, 1.0]))
    assert chosen == {4: 0}  # 7 of 12 are not nearly all
    share, looks = 1 / 6, 6 * 3
    assert stats.binom.sf(5, 6, share) * looks < fault_lines.Q_LIMIT
    crowd = fault_lines.third_values(pair[:1], n_pair[:1], np.array([6.0]), np.array([4.5]))
    assert crowd == {}  # three in four of all have it: no surprise


def test_an_incident_is_evidence_once_and_a_line_needs_two_owners():
    members = {0: np.arange(6), 1: np.arange(7), 2: np.arange(20, 26), 3: np.arange(30, 36)}
    owners = {0: 3, 1: 3, 2: 1, 3: 2}
    expected = np.full(4, 0.4)
    lines = fault_lines.choose([0, 1, 2, 3], expected, members, owners, p_limit=1e-4)
    assert sorted(lines) == [0, 3]  # 1 has one incident left, 2 has one owner
