"""The plan: how many incidents each week and category gets, and what is planted on which of them.

Here: the one draw over the whole organisation. Not here: how the planted things are chosen (plan_lines.py,
plan_fixes.py), and the records themselves. A record is then made from the plan, the seed and its own number alone, so
that shards can be made in any order by any number of processes.
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from random import Random

from pipelines.simulate import plan_fixes, plan_lines, weeks
from pipelines.simulate.planted import Plan
from pipelines.simulate.words_effects import CATEGORIES

# Further records for each incident (2026-11-25). They count in no rate, as in the contract.
OTHER_SHARES = {
    "near_miss": 0.05,
    "exercise": 0.015,
    "maintenance": 0.015,
    "vulnerability": 0.005,
    "false_positive": 0.015,
}


def make(incidents: int, seed: int, n_weeks: int, is_null: bool) -> Plan:
    """Draw the plan. What there are too few incidents or weeks for is not planted."""
    random = Random(f"plan/{seed}/{incidents}/{n_weeks}/{is_null}")
    changed = _changed(random, incidents, n_weeks) if not is_null else None
    cells = range(n_weeks * len(CATEGORIES))
    rates = list(accumulate(weeks.weights(n_weeks, changed, is_null)))
    counts = Counter(random.choices(cells, cum_weights=rates, k=incidents))
    others = {kind: max(1, round(incidents * share)) for kind, share in OTHER_SHARES.items()}
    plan = Plan(
        seed, incidents, n_weeks, is_null, others, list(accumulate(counts[cell] for cell in cells)), changed=changed
    )
    if not is_null:
        plan_fixes.plant(plan, random)
        plan_lines.plant(plan, random)
        plan_lines.plant_signal(plan, random)
        plan_lines.plant_drift(plan, random)
    return plan


def _changed(random: Random, incidents: int, n_weeks: int) -> int | None:
    """The category whose rate rises, where at least fifteen incidents would fall into its last weeks."""
    expected = incidents / len(CATEGORIES) * weeks.CHANGE_RATIO * weeks.CHANGE_WEEKS / n_weeks
    enough = n_weeks >= 3 * weeks.CHANGE_WEEKS and expected >= 15
    return random.randrange(len(CATEGORIES)) if enough else None
