"""The truth file: everything planted and counted, so that a query's answer can be held against it.

Here: its content, in the shape of schemas/truth.schema.json. Not here: planting (plan.py), counting (tally.py).
"""

from __future__ import annotations

from pipelines.simulate import forward, organisation, weeks
from pipelines.simulate.facts import Facts
from pipelines.simulate.organisation import SERVICES, project_of
from pipelines.simulate.plan_lines import DRIFTING
from pipelines.simulate.planted import Fix, Line, Plan
from pipelines.simulate.tally import Tally
from pipelines.simulate.words_effects import CATEGORIES

MOST_IDS = 1000  # of one list; beside it stands the whole number


def build(plan: Plan, tally: Tally, bad_files: list[dict]) -> dict:
    """The truth of a written organisation."""
    return {
        "schema_version": "1.0",
        "seed": plan.seed,
        "incidents": plan.incidents,
        "weeks": plan.weeks,
        "is_null": plan.is_null,
        "first_week": _week(plan, 0),
        "last_week": _week(plan, plan.weeks - 1),
        "as_of": f"{weeks.on(weeks.AS_OF)}T06:00:00Z",
        "organisation": organisation.described(),
        "counts": tally.told() | {"bad_files": bad_files},
        "fault_lines": [_line(plan, n, line) for n, line in enumerate(plan.lines, 1)],
        "rate_change": _rate_change(plan),
        "fixes": [_fix(plan, fix) for fix in plan.fixes],
        "signal": _signal(plan),
        "late_filing": _late_filing(tally),
        "season": None if plan.is_null else {"iso_weeks": list(weeks.SEASON_WEEKS), "ratio": weeks.SEASON_RATIO},
        "completeness_drift": _drift(plan),
    }


def _week(plan: Plan, week: int) -> str:
    return weeks.name(week, plan.weeks)


def _moment(minute: int) -> str:
    return weeks.at(minute).replace("Z", ":00Z")


def _ids(plan: Plan, numbers: list[int]) -> list[str]:
    return [plan.incident_id(number) for number in sorted(numbers)[:MOST_IDS]]


def _line(plan: Plan, n: int, line: Line) -> dict:
    at_weeks = [plan.place(number)[0] for number in line.numbers]
    teams = {project_of(SERVICES[plan.planted[number].service]).team for number in line.numbers}
    return {
        "id": f"FL{n}",
        "code": line.code,
        "artifact": line.artifact,
        "factor": line.factor,
        "category": CATEGORIES[line.category],
        "incidents": len(line.numbers),
        "record_ids": _ids(plan, line.numbers),
        "teams": sorted(teams),
        "first_week": _week(plan, min(at_weeks)),
        "last_week": _week(plan, max(at_weeks)),
    }


def _rate_change(plan: Plan) -> dict | None:
    if plan.changed is None:
        return None
    begins = plan.weeks - weeks.CHANGE_WEEKS
    counts = [len(plan.numbers(week, plan.changed)) for week in range(plan.weeks)]
    return {
        "category": CATEGORIES[plan.changed],
        "service": None,
        "from_week": _week(plan, begins),
        "ratio": weeks.CHANGE_RATIO,
        "before_per_week": round(sum(counts[:begins]) / begins, 4),
        "after_per_week": round(sum(counts[begins:]) / weeks.CHANGE_WEEKS, 4),
    }


def _fix(plan: Plan, fix: Fix) -> dict:
    return {
        "verdict": fix.verdict,
        "record_id": plan.incident_id(fix.record),
        "action_id": "A1",
        "scope": {"service": SERVICES[fix.service].name, "code": fix.code},
        "implemented_on": weeks.on(weeks.monday(fix.week, plan.weeks)),
        "incidents_before": len(fix.before),
        "weeks_before": fix.week,
        "incidents_after": len(fix.after),
        "weeks_after": plan.weeks - fix.week,
        "record_ids_before": _ids(plan, fix.before),
        "record_ids_after": _ids(plan, fix.after),
    }


def _signal(plan: Plan) -> dict | None:
    numbers = [number for number, planted in plan.planted.items() if planted.has_signal]
    if not numbers:
        return None
    facts = Facts(plan, "incident", numbers[0])
    fired = [moment for moment in forward.fired(forward.history(facts)) if moment < facts.impact]
    return {
        "record_id": facts.id,
        "signal_id": "SG1",
        "history": forward.history_path(facts),
        "would_have_fired_at": _moment(fired[-1]),
        "impact_started_at": _moment(facts.impact),
        "lead_minutes": facts.impact - fired[-1],
        "false_alarms_before": len(fired) - 1,
    }


def _late_filing(tally: Tally) -> dict:
    delays = sorted(tally.delays)
    median, p90 = (round(delays[int(len(delays) * share)] / weeks.DAY, 2) for share in (0.5, 0.9))
    return {"median_days": median, "p90_days": p90}


def _drift(plan: Plan) -> dict | None:
    if plan.drift is None:
        return None
    return {"team": plan.drift[0], "field": DRIFTING, "from_week": _week(plan, plan.drift[1])}
