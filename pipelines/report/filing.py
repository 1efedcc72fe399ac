"""What of the newest weeks is still to be filed: counts so far with their likely range, and its trust (Q20, Q21).

Belongs here: the words for a week that can still grow. Not here: how much is likely (analysis/nowcast.py).
"""

from datetime import date

from pipelines.analysis.baselines import LEFT
from pipelines.report import weeks
from pipelines.report.print_forms import count, part, span
from pipelines.report.sentences import say


def settled(judged: dict, weekly: list[dict], likely: dict[str, dict]) -> str:
    """Of a category without a signal: up to which week that is final, since later ones can still grow."""
    full = [row for row in weekly if row["week"] <= judged["week"] and row["week"] not in likely]
    last = full[-1] if full else None
    if last is None or last["week"] == judged["week"] or last["routine_low"] is None:
        said = _said(judged, weeks.monday(judged["week"]))
        return say("card_open", **said) if judged["week"] in likely else say("card_quiet", **said)
    said = _said(last, weeks.sunday(last["week"]))
    return say("card_after_signal", **said) if last["verdict"] == LEFT else say("card_settled", **said)


def _said(row: dict, day: date) -> dict[str, str]:
    routine = span(row["routine_low"], row["routine_high"])
    return {"n": row["incidents"], "day": weeks.short_day(day), "routine": routine}


def so_far(judged: dict | None, weekly: list[dict], likely: dict[str, dict], week: str) -> str | None:
    """The newest full week while it is still being filed, and the week of the page while it is not full."""
    said = []
    if judged and judged["week"] in likely:
        row = likely[judged["week"]]
        number = weeks.number(judged["week"])
        said.append(say("so_far_likely", number=number, n=row["filed"], low=row["likely_low"], high=row["likely_high"]))
    newest = weekly[-1] if weekly else None
    if newest and newest["week"] == week and not newest["is_full"]:
        said.append(say("so_far", number=weeks.number(week), n=newest["incidents"]))
    return ". ".join(said) or None


def counted(row: dict, likely: dict | None) -> str:
    """A week's count as a text alternative reads it out."""
    if likely:
        return f"{row['incidents']} so far, likely {likely['likely_low']} to {likely['likely_high']}"
    return str(row["incidents"]) + ("" if row["is_full"] else " so far")


def trust(by_age: list[dict]) -> list[str]:
    """How much is filed by the Monday after, and how often ranges made so held; nothing where delays are not known."""
    if not by_age:
        return []
    first = by_age[0]
    said = [say("filed", share=part(first["filed_share"]), count=count(first["of_delays"], "incident"))]
    ranges, held = (sum(row[key] for row in by_age) for key in ("ranges", "held"))
    if ranges:
        said.append(say("ranges_held", held=f"{held:,}", ranges=f"{ranges:,}"))
    return said
