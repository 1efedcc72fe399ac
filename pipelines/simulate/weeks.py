"""The organisation's calendar: its weeks, how often incidents occur in each, and how late they are written down.

Here: moments as whole minutes, weights of weeks, the delay of filing. Not here: what happens in a week (plan.py,
facts.py). The last week is a constant and never the clock: the same arguments give the same bytes in any year.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import cache
from random import Random
from statistics import NormalDist

LAST_MONDAY = date(2026, 11, 9)  # of 2026-W46, the week in which the bundled records end too
DAY, WEEK = 1440, 10080  # minutes
AS_OF = date(2026, 11, 16).toordinal() * DAY + 6 * 60
# Late filing, set 2026-11-25: half of the records are written within 3.5 days of the impact, nine in ten within 17.
DELAY_MEDIAN, DELAY_SIGMA, DELAY_LEAST = 3.5 * DAY, 1.25, 60
# Both ratios set 2026-11-25: of 150 organisations of 400 incidents in 156 weeks the ready questions then find the
# change in all and the season in 97 of 100; with 3 and 1.5 in 98 and 61 of 100.
SEASON_WEEKS, SEASON_RATIO = tuple(range(45, 53)), 1.8  # of every year: the trade before Christmas
CHANGE_WEEKS, CHANGE_RATIO = 26, 3.5

_NORMAL = NormalDist()
_CLOCK = [f"T{minute // 60:02d}:{minute % 60:02d}Z" for minute in range(DAY)]


@cache
def day(ordinal: int) -> str:
    """A day as it is written."""
    return date.fromordinal(ordinal).isoformat()


def on(minute: int) -> str:
    """The day of a moment."""
    return day(minute // DAY)


def at(minute: int) -> str:
    """A moment in UTC, to the minute."""
    return day(minute // DAY) + _CLOCK[minute % DAY]


def monday(week: int, weeks: int) -> int:
    """The first minute of a week, counted from 0 to weeks - 1."""
    return (LAST_MONDAY - timedelta(weeks=weeks - 1 - week)).toordinal() * DAY


@cache
def name(week: int, weeks: int) -> str:
    """The ISO name of a week, such as 2026-W46."""
    return date.fromordinal(monday(week, weeks) // DAY).strftime("%G-W%V")


def filed_share(minute: int) -> float:
    """The share of the incidents of a moment that are written down by AS_OF: the newest weeks are not whole yet."""
    left = AS_OF - minute
    return 0.0 if left <= DELAY_LEAST else _NORMAL.cdf(math.log(left / DELAY_MEDIAN) / DELAY_SIGMA)


def filing_delay(random: Random, minute: int) -> int:
    """Minutes from the impact to the first record: log-normal, and over by AS_OF."""
    u = random.random() * filed_share(minute)
    return max(DELAY_LEAST, round(DELAY_MEDIAN * math.exp(DELAY_SIGMA * _NORMAL.inv_cdf(max(u, 1e-9)))))


def moment_in(random: Random, start: int) -> int:
    """A moment of the week that begins at `start`, likelier where more has been filed."""
    while True:
        minute = start + int(random.random() * WEEK)
        if random.random() < filed_share(minute):
            return minute


def weights(weeks: int, changed: int | None, is_null: bool) -> list[float]:
    """The weight of each (week, category), week by week; `changed` is the category whose rate rises at the end."""
    found = []
    for week in range(weeks):
        start = monday(week, weeks)
        filed = sum(filed_share(start + (2 * half + 1) * DAY // 2) for half in range(7)) / 7
        is_season = int(name(week, weeks)[-2:]) in SEASON_WEEKS and not is_null
        usual = filed * (SEASON_RATIO if is_season else 1.0)
        found += [usual * (CHANGE_RATIO if c == changed and week >= weeks - CHANGE_WEEKS else 1.0) for c in range(3)]
    return found
