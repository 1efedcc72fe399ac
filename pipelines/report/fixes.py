"""Did fixes hold: what checks found (Q5), what the counts say (Q22), how long actions stay open (Q23).

Belongs here: folding these rows into words. Not here: judging a fix (analysis/prevention.py).
"""

from datetime import date

from pipelines.report import weeks
from pipelines.report.print_forms import count
from pipelines.report.sentences import say

CHECKED = {
    "held": "held", "did_not_hold": "did not hold", "inconclusive": "inconclusive",
    "unverified": "never checked", "not_due": "check not due yet",
}  # fmt: skip
COUNTED = ("reduced", "worse", "cannot tell", "not implemented")
LEAST_ACTIONS = 20  # 2026-11-25: with fewer the interval of a median spans most of the curve


def section(checks: list[dict], verdicts: list[dict], closure: dict) -> dict:
    found = {row["verification"]: row["actions"] for row in checks}
    total = sum(found.get(key, 0) for key in CHECKED)
    held, failed = found.get("held", 0), found.get("did_not_hold", 0)
    said = say("no_fixes")
    if total:
        said = say("fixes", count=count(total, "action"), held=held, failed=failed, open=total - held - failed)
    results = [{"result": key, "name": name, "actions": found.get(key, 0)} for key, name in CHECKED.items()]
    return {
        "sentence": said,
        "results": results if total else [],
        "total": total,
        "counted": _counted(verdicts),
        "closure": _closure(closure),
        "queries": ["Q5", "Q22", "Q23"],
    }


def _counted(rows: list[dict]) -> dict:
    found = {row["verdict"]: row["actions"] for row in rows}
    total = sum(found.values())
    following = min((row["next_on"] for row in rows if row["next_on"]), default=None)
    said = [say("counted", count=count(total, "action"))] if total else [say("nothing_counted")]
    if following:
        said.append(say("next_verdict", day=weeks.day(date.fromisoformat(following))))
    results = [{"result": key.replace(" ", "_"), "name": key, "actions": found.get(key, 0)} for key in COUNTED if total]
    return {"sentence": " ".join(said), "results": results, "total": total}


def _closure(row: dict) -> str | None:
    n = row["actions"] or 0
    if n < LEAST_ACTIONS:
        return None
    if row["p50_days"] is None:
        return say("closure_open", count=count(n, "action"), days=count(row["longest_days"], "day"))
    span = _interval(row["p50_low_days"], row["p50_high_days"])
    return say("closure", days=count(row["p50_days"], "day"), span=span, count=count(n, "action"),
               at_risk=f"{row['at_risk_at_p50']:,}")  # fmt: skip


def _interval(low: int | None, high: int | None) -> str:
    """A 95 % interval in days, of which too few watched may leave an end open."""
    if low is None or high is None:
        return say("closure_unknown") if low is None else say("closure_from", low=f"{low:,}")
    return say("closure_between", low=f"{low:,}", high=f"{high:,}")
