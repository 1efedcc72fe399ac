"""Time to mitigate and to resolve as distributions (Q6, Q10): median and 90th percentile with n, never a mean.

Stated by an author and computed from times are different facts and never share a row.
"""

from datetime import date

from pipelines.report import weeks
from pipelines.report.print_forms import count, duration
from pipelines.report.sentences import say

P90_NEEDS = 10  # 2026-11-22: below ten values the 90th percentile is the largest of them under another name
PARTS = [(phase, basis) for phase in ("mitigate", "resolve") for basis in ("stated", "computed")]


def section(summaries: list[dict], values: list[dict], incidents: int, last: date) -> dict:
    by_part = {(row["phase"], row["basis"]): row for row in summaries}
    minutes = {
        part: [row["rounded_minutes"] for row in values if (row["phase"], row["basis"]) == part] for part in PARTS
    }
    rows = [_row(*part, by_part.get(part), minutes[part], incidents) for part in PARTS]
    is_known = any(row["n"] for row in rows)
    day = weeks.day(last)
    said = say("durations", count=count(incidents, "incident"), day=day)
    if not is_known:
        said = say("no_durations", day=day) if incidents else say("no_recent", day=day)
    return {"sentence": said, "rows": rows if is_known else [], "queries": ["Q6", "Q10"]}


def _row(phase: str, basis: str, summary: dict | None, minutes: list[float], incidents: int) -> dict:
    n = summary["n"] if summary else 0
    set_aside = summary["set_aside"] if summary else 0
    p50 = summary["p50_minutes"] if n else None
    p90 = summary["p90_minutes"] if n >= P90_NEEDS else None
    name = f"To {phase}, {basis}"
    return {
        "phase": phase,
        "basis": basis,
        "name": name,
        "n": n,
        "set_aside": set_aside,
        "missing": incidents - n - set_aside,
        "p50_minutes": p50,
        "p50": duration(p50),
        "p90_minutes": p90,
        "p90": duration(p90),
        "minutes": minutes,
        "chart_text": _text(name, n, minutes, p50, p90),
    }


def _text(name: str, n: int, minutes: list[float], p50: float | None, p90: float | None) -> str | None:
    if not minutes:
        return None
    return say(
        "duration_ticks",
        name=name,
        count=count(n, "value"),
        least=duration(min(minutes)),
        most=duration(max(minutes)),
        p50=duration(p50),
        p90=duration(p90) if p90 is not None else "not given below 10 values",
    )
