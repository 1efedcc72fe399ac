"""Planted fault lines, the planted signal and the drift of completeness.

Here: on which incidents they lie. Not here: what a record makes of it (facts.py, forward.py). A line is spread evenly
over the weeks of its category and over the teams, so that it stands out by its combination and by nothing else.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from pipelines.simulate.organisation import ARTIFACTS, PROJECTS, SERVICES
from pipelines.simulate.planted import Line, Plan, Planted
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_effects import CATEGORIES
from pipelines.simulate.words_factors import FACTORS

MOST_LINES, LEAST, SHARE, MOST = 4, 10, 0.025, 3000  # lines, and incidents of each
DRIFTING = "scope.regions"  # what one team stops writing (context.py leaves it out)


def plant(plan: Plan, random: Random) -> None:
    """As many lines as a quarter of the incidents has room for; none shares a code, an artifact or a factor."""
    size = min(MOST, max(LEAST, round(SHARE * plan.incidents)))
    count = min(MOST_LINES, int(0.25 * plan.incidents / size))
    taken = {fix.code for fix in plan.fixes}
    codes = random.sample([code for code in ROOT_CAUSES if code not in taken], count)
    artifacts = random.sample([one.name for one in ARTIFACTS], count)
    factors = random.sample(list(FACTORS), count)
    first = random.randrange(len(CATEGORIES))
    for n in range(count):
        category = (first + n) % len(CATEGORIES)
        numbers = _spread(plan, random, category, size)
        if len(numbers) == size:
            line = Line(codes[n], artifacts[n], factors[n], category, numbers)
            _lay(plan, random, line)


def _lay(plan: Plan, random: Random, line: Line) -> None:
    plan.lines.append(line)
    plan.triples.add((line.code, line.artifact, line.factor))
    services = random.sample(range(len(SERVICES)), len(SERVICES))
    for n, number in enumerate(line.numbers):
        plan.planted[number] = Planted(
            line.code,
            line.artifact,
            line.factor,
            services[n % len(services)],
            related=_link(plan, line.numbers[:n], number),
        )


def _link(plan: Plan, before: list[int], number: int) -> tuple[str, int] | None:
    """To the last incident of an earlier week: within a week the numbers are in no order of time."""
    week = plan.place(number)[0]
    return next((("same_cause", one) for one in reversed(before) if plan.place(one)[0] < week), None)


def _spread(plan: Plan, random: Random, category: int, size: int) -> list[int]:
    """That many free incidents of one category, spread evenly over its incidents from the first week to the last."""
    pools = [plan.numbers(week, category) for week in range(plan.weeks)]
    free = [number for pool in pools for number in pool if number not in plan.planted]
    if len(free) < 2 * size:
        return []
    ends = [len(free) * n // size for n in range(size + 1)]  # whole numbers: shares that meet would give one twice
    return [free[random.randrange(first, last)] for first, last in pairwise(ends)]


def plant_signal(plan: Plan, random: Random) -> None:
    """One model incident of the middle third whose signal would have fired before the impact."""
    middle = range(plan.weeks // 3, 2 * plan.weeks // 3)
    free = [n for week in middle for n in plan.numbers(week, 2) if n not in plan.planted]
    if free:
        plan.planted[random.choice(free)] = Planted(has_signal=True)


def plant_drift(plan: Plan, random: Random) -> None:
    """One team stops writing one field for the last year, where that would be about eight records or more."""
    begins = plan.weeks - 52 if plan.weeks >= 104 else plan.weeks // 2
    expected = plan.incidents * (1 - begins / plan.weeks) * 2 / len(SERVICES)
    owners = [PROJECTS[service.project].team for service in SERVICES]
    teams = sorted({team for team in owners if owners.count(team) == 2})
    if expected >= 8:
        plan.drift = (random.choice(teams), begins)
