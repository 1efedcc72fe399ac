"""Fault lines: the strongest, in words, with what chance would give, their trend, harm and what followed (Q18, Q19).

Belongs here: folding a line's row into cells of text. Not here: what is a line, which rises, whether a fix held.
"""

from datetime import date

from pipelines.report import weeks
from pipelines.report.print_forms import amount, category, count, hours, part, plain, span_of, words
from pipelines.report.sentences import say

SHOWN = 5  # 2026-11-25: by EB05; more does not fit into a minute
CODES = ("root_cause", "factor", "trigger")
THINGS = ("artifact", "service")
LATER = "cannot tell"


def section(rows: list[dict], looked: dict, incidents: int) -> dict:
    """`looked`: how many combinations were looked at, how many records repeat another; `incidents`: counted at all."""
    shown = [_line(row) for row in rows[:SHOWN]]
    return {
        "sentence": _sentence(rows, looked, incidents),
        "lines": shown,
        "more": say("more_lines", n=len(rows) - SHOWN, query="Q18") if len(rows) > SHOWN else None,
        "queries": ["Q18", "Q19"],
    }


def _sentence(rows: list[dict], looked: dict, incidents: int) -> str:
    if not incidents:
        return say("no_incident")
    if not looked["looks"]:
        return say("nothing_shared")
    looks = f"{looked['looks']:,}"
    once = [say("lines_repeats", records=count(looked["repeats"], "record"))] if looked["repeats"] else []
    if not rows:
        return " ".join([say("no_lines", looks=looks), *once])
    verb = "recurs" if len(rows) == 1 else "recur"
    said = [say("lines", lines=count(len(rows), "combination"), verb=verb, looks=looks), *once]
    week = next((row["week"] for row in rows if row["week"]), None)
    if week:
        said.append(say("lines_to", day=weeks.day(weeks.sunday(week))))
    return " ".join(said)


def _line(row: dict) -> dict:
    combination = " + ".join(
        [words(row[facet]) for facet in CODES if row[facet]] + [plain(row[facet], 80) for facet in THINGS if row[facet]]
    )
    name = plain(row["name"], 80)
    notes = [combination] if name else []
    notes += [category(row["category"])] if row["category"] else []
    notes += [plain(row["owner_team"], 80)] if row["owner_team"] else []
    return {
        "line_id": row["line_id"],
        "name": name or combination[:1].upper() + combination[1:],
        "note": " · ".join([row["line_id"], *notes]),
        "teams": row["teams"],
        "incidents": row["incidents"],
        "incidents_13_weeks": row["incidents_13_weeks"],
        "ratio": amount(row["ratio"]),
        "chance": say(
            "chance", low=amount(row["ratio_low"]), high=amount(row["ratio_high"]), expected=amount(row["expected"])
        ),
        "trend": row["trend"],
        "impact": hours(row["minutes"]),
        "impact_note": _impact(row),
        **_after(row),
    }


def _impact(row: dict) -> str:
    if not row["of_minutes"]:
        return say("no_impact")
    short = row["largest_share"] is None  # all of them together lasted no minute: nothing to have a share of
    whole = say("no_minute") if short else say("largest", share=part(row["largest_share"]))
    return (
        whole if row["of_minutes"] == row["incidents"] else f"{whole}, {span_of(row['of_minutes'], row['incidents'])}"
    )


def _after(row: dict) -> dict:
    """What was seen since the last action against it, what the time before lets expect, and the verdict."""
    if row["implemented_on"] is None or row["incidents_after"] is None:
        return {"after": say("no_fix"), "after_note": None}
    verdict = row["verdict"]
    if verdict == LATER and row["cannot_tell_until"]:
        verdict = say("until", verdict=verdict, day=weeks.dated(date.fromisoformat(row["cannot_tell_until"])))
    expected = row["expected_after"]
    since = weeks.dated(date.fromisoformat(row["implemented_on"]))
    seen = say("seen", n=row["incidents_after"], expected="–" if expected is None else amount(expected), since=since)
    return {"after": verdict, "after_note": seen}
