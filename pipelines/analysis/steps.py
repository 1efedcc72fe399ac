"""What is analysed, in the order in which one result rests on another; each step fills its tables and gives their rows.

Here: the order. Not here: any method. Two doors lead in: a run (assets.py, one asset a step) and the warehouse as known
on an earlier day (publish/past.py), which must not differ.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.analysis import charts, intervals, lines, names, nowcast, prevention, series, survival


def _named(con) -> int:
    """Fault lines, and what people call them."""
    return lines.write(con) + names.write(con)


def _ranges(con) -> int:
    """Routine ranges, and the limits that pictures show."""
    return series.write(con) + charts.write(con)


def _judged(con) -> int:
    """Actions and fault lines; curves of recurrence rest on the scopes found on the way."""
    return prevention.write(con) + survival.write(con)


STEPS: dict[str, Callable[..., int]] = {
    "fault_lines": _named,
    "baselines": _ranges,
    "nowcasts": nowcast.write,
    "prevention": _judged,
}


def all_of(con) -> None:
    """Every step over the warehouse that is open."""
    intervals.define(con)
    for write in STEPS.values():
        write(con)
