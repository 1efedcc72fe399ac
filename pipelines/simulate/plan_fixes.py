"""Planted fixes: one after which the incidents of its scope stopped, one after which they did not.

Here: the incidents of the scope (one service, one root-cause code) and the week of implementation. Not here: the action
itself (actions.py). A scope has no incidents but the planted ones, so that its counts are exact.
"""

from __future__ import annotations

from random import Random

from pipelines.simulate.organisation import SERVICES
from pipelines.simulate.planted import Fix, Plan, Planted
from pipelines.simulate.weeks import monday
from pipelines.simulate.words_causes import ROOT_CAUSES

LEAST_INCIDENTS, LEAST_WEEKS, LEAST_AFTER = 250, 104, 40
BEFORE, MOST_BEFORE = 22, 400


def plant(plan: Plan, random: Random) -> None:
    """Both fixes, where there are incidents and weeks enough to tell them apart."""
    if plan.incidents < LEAST_INCIDENTS or plan.weeks < LEAST_WEEKS:
        return
    week = plan.weeks - max(LEAST_AFTER, round(0.4 * plan.weeks))
    size = min(MOST_BEFORE, max(BEFORE, plan.incidents // 100))
    services = random.sample(range(len(SERVICES)), 2)
    codes = random.sample(list(ROOT_CAUSES), 2)
    same = round(size * (plan.weeks - week) / week)
    for n, (verdict, after) in enumerate((("reduced", random.randrange(2)), ("no_change", same))):
        _lay(plan, random, Fix(verdict, services[n], codes[n], week - n, 0, [], []), size, after)


def _lay(plan: Plan, random: Random, fix: Fix, size: int, n_after: int) -> None:
    record = _last(plan, fix.week - 4)
    plan.planted[record] = Planted(
        fix.code, service=fix.service, fix=fix.verdict, implemented=monday(fix.week, plan.weeks)
    )
    before = [*_spread(plan, random, 0, fix.week - 6, size - 1), record]
    after = _spread(plan, random, fix.week + 1, plan.weeks - 2, n_after)
    for number in before[:-1]:
        plan.planted[number] = Planted(fix.code, service=fix.service, is_plain=True)
    for number in after:
        plan.planted[number] = Planted(fix.code, service=fix.service, related=("recurrence", record), is_plain=True)
    plan.fixes.append(fix._replace(record=record, before=before, after=after))
    plan.scopes.add((fix.service, fix.code))


def _last(plan: Plan, week: int) -> int:
    """The last free incident up to a week."""
    number = plan.numbers(week, 2).stop - 1
    while number in plan.planted:
        number -= 1
    return number


def _spread(plan: Plan, random: Random, first: int, last: int, size: int) -> list[int]:
    """Free incidents spread evenly over the weeks from `first` to `last`, whatever the season does to their number."""
    found: set[int] = set()
    for n in range(size):
        week = first + int((n + random.random()) * (last + 1 - first) / size)
        while all(number in plan.planted or number in found for number in plan.week_numbers(week)):
            week = week + 1 if week < last else first
        pool = plan.week_numbers(week)
        number = random.choice(pool)
        while number in plan.planted or number in found:
            number = random.choice(pool)
        found.add(number)
    return sorted(found)
