"""C. Did prevention work: few false "reduced" where a fix did nothing, also where a bad run of weeks led to the fix.

400 services a world, each with incidents of one cause at a steady rate (Gamma(2, ¼) a week) for 138 weeks and one
action against it, led to by an incident of the second year; the verdict is that of half a year later and more. No fix
does anything, so that every "reduced" is false. In the trap the action follows the worst four weeks of its service, as
actions do; else it follows an incident drawn at random. Verdicts come from the product's own prevention.sql.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np

from pipelines.analysis import prevention, survival
from validation import models
from validation.bar import Bar

TUNED_ON = "101-105"
SCOPES, WEEKS, MONDAY = 400, 138, date(2023, 1, 2)
LED = slice(52, 104)  # weeks in which the incident that leads to an action may lie
SURE_OF_PUBLISHED = 0.95
PUBLISHED = ((1, 88), (3, 21), (6, 9), (12, 4))  # incidents in 26 weeks before -> quiet weeks needed after
CLOSED_IN_90 = 1 - float(np.exp(-1))


def world(random: np.random.Generator, is_trap: bool, effect: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weekly incidents of each scope, the week of the incident that led to its action, and the week of the action."""
    counts = random.poisson(np.repeat(random.gamma(2, 0.25, SCOPES)[:, None], WEEKS, axis=1))
    possible = counts[:, LED]
    if is_trap:
        runs = np.array([np.convolve(row, np.ones(4), "valid") for row in possible])
        led = runs.argmax(axis=1) + LED.start + 3
    else:
        led = np.array([random.choice(np.flatnonzero(row)) if row.any() else 0 for row in possible]) + LED.start
    acted = led + random.integers(2, 8, SCOPES)
    after = np.arange(WEEKS) >= acted[:, None]
    counts = np.where(after, random.binomial(counts, effect), counts)
    counts[np.arange(SCOPES), led] = np.maximum(counts[np.arange(SCOPES), led], 1)
    return counts, led, acted


def verdicts(counts: np.ndarray, led: np.ndarray, acted: np.ndarray) -> list[str]:
    """What the product says of each action."""
    con = models.warehouse()
    _tables(con)
    scope, week = np.nonzero(counts)
    times = counts[scope, week]
    scope, week = np.repeat(scope, times), np.repeat(week, times)
    first = {}
    for n, (s, w) in enumerate(zip(scope.tolist(), week.tolist(), strict=True)):
        if w == led[s]:
            first.setdefault(s, n)
    con.register("given", {"n": np.arange(len(scope)), "scope": scope, "week": week})
    con.execute(f"""
        INSERT INTO marts.incidents
        SELECT 'R' || n, true, (DATE '{MONDAY}' + (7 * week + n % 7)::INTEGER)::TIMESTAMPTZ,
            DATE '{MONDAY}' + (7 * week)::INTEGER FROM given;
        INSERT INTO intermediate.int_facets SELECT 'R' || n, 'service', 'service ' || scope FROM given;
        INSERT INTO intermediate.int_facets SELECT 'R' || n, 'root_cause', 'cause' FROM given;
    """)
    actions = {"n": np.array([first[s] for s in range(SCOPES)]), "scope": np.arange(SCOPES), "week": acted}
    con.register("acts", actions)
    con.execute(f"""
        INSERT INTO marts.actions
        SELECT 'R' || n, scope, 'A', 'team', (DATE '{MONDAY}' + (7 * week)::INTEGER), false FROM acts;
        INSERT INTO intermediate.int_action_scopes
        SELECT 'R' || n, scope, ['service service ' || scope], ['cause'] FROM acts;
    """)
    prevention.write(con)
    return [row[0] for row in con.execute("SELECT verdict FROM analysis.prevention ORDER BY position").fetchall()]


def _tables(con: duckdb.DuckDBPyConnection) -> None:
    end = MONDAY + timedelta(weeks=WEEKS)
    con.execute(f"""
        CREATE TABLE raw.as_of AS SELECT TIMESTAMPTZ '{end} 00:00:00+00' AS as_of;
        CREATE TABLE marts.category_weeks AS SELECT DATE '{MONDAY}' AS week_on;
        CREATE TABLE marts.incidents (record_id VARCHAR, is_counted BOOLEAN, started_at TIMESTAMPTZ,
            started_week_on DATE);
        CREATE TABLE marts.actions (record_id VARCHAR, position INTEGER, action_id VARCHAR, owner_team VARCHAR,
            in_force_on DATE, is_open BOOLEAN);
        CREATE TABLE intermediate.int_repeats (record_id VARCHAR);
        CREATE TABLE intermediate.int_facets (record_id VARCHAR, facet VARCHAR, value VARCHAR);
        CREATE TABLE intermediate.int_action_scopes (record_id VARCHAR, position INTEGER, places VARCHAR[],
            codes VARCHAR[]);
        CREATE TABLE intermediate.int_known_revisions (record_id VARCHAR, known_from TIMESTAMPTZ);
        CREATE TABLE analysis.fault_lines (line_id VARCHAR, rank INTEGER, artifact VARCHAR, service VARCHAR,
            last_action_record_id VARCHAR,
            last_action_id VARCHAR, last_action_on DATE);
        CREATE TABLE analysis.fault_line_incidents (line_id VARCHAR, record_id VARCHAR);
        CREATE TABLE analysis.filed_shares (age_days INTEGER, filed_share DOUBLE);
    """)


def naive(counts: np.ndarray, led: np.ndarray, acted: np.ndarray) -> tuple[float, float]:
    """Shares called effective by "fewer a week than before", and by the same test with what led to the action in it."""
    weeks = np.arange(WEEKS)
    before = np.where(weeks < acted[:, None], counts, 0).sum(axis=1)
    after = counts.sum(axis=1) - before
    recent = np.where((weeks < acted[:, None]) & (weeks >= acted[:, None] - 26), counts, 0).sum(axis=1)
    judged = prevention.compare(recent, np.full(SCOPES, 26 * 7), after, (WEEKS - acted) * 7)
    fell = after / (WEEKS - acted) < recent / 26
    return float(fell.mean()), float((judged["verdict"] == prevention.REDUCED).mean())


def closure(seed: int) -> tuple[float, float]:
    """Share of actions closed within 90 days where it is 1 - 1/e: by Kaplan–Meier, and among the closed ones."""
    random = np.random.default_rng([seed, 9])
    con = models.warehouse()
    _tables(con)
    began = random.integers(WEEKS * 7 - 180, WEEKS * 7, 4000)
    closed = began + np.ceil(random.exponential(90, 4000)).astype(int)
    is_open = closed > WEEKS * 7
    con.register("given", {"n": np.arange(4000), "began": began, "closed": closed, "is_open": is_open})
    con.execute(f"""
        INSERT INTO intermediate.int_known_revisions
        SELECT 'R' || n, (DATE '{MONDAY}' + began::INTEGER)::TIMESTAMPTZ FROM given;
        INSERT INTO marts.actions
        SELECT 'R' || n, 1, 'A', 'team',
            CASE WHEN NOT is_open THEN DATE '{MONDAY}' + closed::INTEGER END, is_open FROM given;
        CREATE TEMP TABLE recurred (after_from DATE, recurred_on DATE);
    """)
    survival.write(con)
    (still_open,) = con.execute(
        "SELECT min_by(survival, -days) FROM analysis.survival WHERE curve = 'action_closure' AND days <= 90"
    ).fetchone()
    lasted = (closed - began)[~is_open]
    return 1 - still_open, float((lasted <= 90).mean())


def bars(seed: int, size: int) -> list[Bar]:
    """`size` worlds of each sort."""
    found = []
    for is_trap, most in ((False, 0.07), (True, 0.03)):
        random = np.random.default_rng([seed, int(is_trap)])
        ours = worse = fell = tested = 0.0
        for _ in range(size):
            made = world(random, is_trap)
            said = verdicts(*made)
            ours, worse = ours + said.count("reduced") / SCOPES, worse + said.count("worse") / SCOPES
            one_fell, one_tested = naive(*made)
            fell, tested = fell + one_fell, tested + one_tested
        what = "after the worst weeks" if is_trap else "after any incident"
        of = f"{size * SCOPES} fixes that did nothing, {what}"
        found.append(Bar("C", f"false \"reduced\", {what}", ours / size, of, most=most,
                         naive=fell / size, naive_is="fewer a week than in the 26 weeks before"))  # fmt: skip
        found.append(Bar("C", f"false \"reduced\", {what}", ours / size, of, most=most,
                         naive=tested / size, naive_is="the same test over those 26 weeks"))  # fmt: skip
        found.append(Bar("C", f'false "worse", {what}', worse / size, of, most=0.03))
    random = np.random.default_rng([seed, 2])
    seen = np.mean([np.mean([v == "reduced" for v in verdicts(*world(random, True, 0.1))]) for _ in range(size)])
    found.append(Bar("C", '"reduced" where nine in ten stopped', float(seen), f"{size * SCOPES} fixes"))
    wrong = max(
        abs(round(float(prevention.days_needed(n, 26.0, 0, sure=SURE_OF_PUBLISHED))) - weeks) for n, weeks in PUBLISHED
    )
    found.append(
        Bar("C", "quiet weeks needed at .95 after 1, 3, 6, 12 in 26: off by", wrong, "four published values", most=0.0)
    )
    ours, among_closed = closure(seed)
    found.append(Bar("C", "closed within 90 days where it is .632: off by", abs(ours - CLOSED_IN_90),
                     "4,000 actions", most=0.03,
                     naive=abs(among_closed - CLOSED_IN_90), naive_is="share of the closed ones"))  # fmt: skip
    return found
