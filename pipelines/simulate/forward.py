"""What looks ahead: signals with their histories, scenarios with runs, known triggers.

Here: the metric history of a signal and the replay of its detector, which the record claims as evidence. A history
never fires before the impact, but for the one signal the plan plants. Not here: evidence of what happened
(evidence.py).
"""

from __future__ import annotations

from random import Random

from pipelines.simulate.evidence import sha256
from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import AS_OF, DAY, at
from pipelines.simulate.words_effects import METRICS

ABOVE, K, N = 0.2, 3, 5  # the detector of every signal: k of the last n hours above
BEFORE, AFTER, RAMP = 336, 6, 14  # hours of history before and after the impact; hours the planted one rises ahead
REPLAY = (
    f"select min(time) from (select time, sum(cast(value > {ABOVE} as integer)) over "
    f"(order by time rows between {N - 1} preceding and current row) as above from history) where above >= {K}"
)
SHAPES = ("sudden", "gradual", "incremental", "recurring")


def history(facts: Facts) -> list[tuple[int, float]]:
    """Hourly points around the impact. Two blips, each too short for the detector, are in every one."""
    random = Random(f"history/{facts.id}/{facts.impact}")
    blips = {int(random.random() * 200) for _ in range(2)}
    points = []
    for n in range(BEFORE + AFTER + 1):
        value = min(0.15, max(0.0, random.gauss(0.06, 0.02)))
        if facts.planted.has_signal and n > BEFORE - RAMP:
            value += 0.025 * (n - BEFORE + RAMP)
        elif n > BEFORE or n in blips:
            value += 0.2
        points.append((facts.impact + (n - BEFORE) * 60, round(value, 4)))
    return points


def fired(points: list[tuple[int, float]]) -> list[int]:
    """The moments at which the detector begins to fire: k of the last n points above."""
    is_above = [value > ABOVE for _, value in points]
    is_firing = [sum(is_above[max(0, n - N + 1) : n + 1]) >= K for n in range(len(points))]
    return [points[n][0] for n in range(len(points)) if is_firing[n] and not (n and is_firing[n - 1])]


def signals(facts: Facts, files: dict[str, bytes]) -> list[dict]:
    """One signal; with the history of its metric where the record has files."""
    metric = f"{METRICS[facts.category][facts.number % 3]} of {facts.artifact.name}, hourly"
    found = {
        "id": "SG1",
        "state": "running" if facts.has_evidence else "planned",
        "metric": metric,
        "detector": "k_of_n",
        "parameters": {"above": ABOVE, "k": K, "n": N},
        "on_trigger": f"Page {facts.project.team} and take the fallback",
        "false_alarm_budget_per_1000": 2,
    }
    if facts.has_evidence:
        path = history_path(facts)
        rows = (f"{at(minute)},{value}" for minute, value in history(facts))
        files[path] = ("time,value\n" + "\n".join(rows) + "\n").encode()
        found |= {"history": path, "history_sha256": sha256(files[path])}
    return [found]


def replay(facts: Facts, files: dict[str, bytes]) -> list[dict]:
    """The record's own replay of its signal, as evidence that can be run again; none where there is no history."""
    path = history_path(facts)
    if path not in files:
        return []
    first = at(fired(history(facts))[0])
    return [
        {
            "id": "E3",
            "kind": "query",
            "statement": f"Replayed over its history, SG1 first fires at {first}",
            "query": REPLAY,
            "data": [{"name": "history", "path": path, "sha256": sha256(files[path])}],
            "expected": {"value": first},
            "source_group": "metrics",
        }
    ]


def history_path(facts: Facts) -> str:
    """Where the history of a record's signal lies."""
    return f"evidence/{facts.id}/signal_history.csv"


def scenarios(facts: Facts, written: int) -> list[dict]:
    """A drift of the signal's metric; two of three were rehearsed."""
    random = facts.random
    found = {
        "id": "SC1",
        "kind": "drift",
        "signal": "SG1",
        "shape": SHAPES[facts.number % 4],
        "magnitude_sd": 1 + facts.number % 3,
        "expected": "The signal fires within a day.",
        "fallback": "Last good values",
    }
    if random.random() < 0.66:
        delay = int(random.random() * 30)
        run = {"run_at": at(min(written, AS_OF) - int(random.random() * DAY)), "delay_points": delay}
        run |= {
            "fallback_fired": "yes" if delay < 24 else "no",
            "result": "as_expected" if delay < 24 else "not_as_expected",
        }
        found["runs"] = [run]
    return [found]


def known_triggers(facts: Facts) -> list[dict]:
    """What would set it off again."""
    return [
        {
            "id": "KT1",
            "code": facts.trigger,
            "description": f"The same change reaches another reader of {facts.artifact.name}.",
            "causes": ["RC1"],
            "signal": "SG1",
        }
    ]
