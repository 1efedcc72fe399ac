"""What changed per category against its routine range: Q1 (judged windows), Q2 (weekly counts), Q20 (open weeks).

Belongs here: choosing the words for what analysis/baselines.py decided. Does not belong here: judging anything.
"""

from datetime import date

from pipelines.analysis.baselines import EARLY, HISTORY_NEEDED, LEFT, NOTHING, QUIET
from pipelines.report import filing, weeks
from pipelines.report.print_forms import UNCATEGORISED, category, count, rate, span
from pipelines.report.sentences import say

MARKS = {LEFT: "signal", QUIET: "quiet", EARLY: "early", NOTHING: "nothing"}
LABELS = {LEFT: "◆ signal", QUIET: "no signal", EARLY: "too early", NOTHING: "no data"}  # where a column is narrow


def cards(judged: list[dict], weekly: list[dict], still_open: list[dict], week: str) -> list[dict]:
    """One card per category, by name, what is not categorised last and only where there is any.

    `still_open`: the weeks of which more is to be filed, with what is likely. Their counts are never read as a fall.
    """
    names = sorted({row["category"] for row in [*judged, *weekly]}, key=lambda name: (name == UNCATEGORISED, name))
    made = [
        _card(
            name,
            [row for row in judged if row["category"] == name],
            [row for row in weekly if row["category"] == name],
            {row["week"]: row for row in still_open if row["category"] == name},
            week,
        )
        for name in names
    ]
    made.sort(key=lambda card: card["mark"] == "nothing")
    return [card for card in made if card["category"] != UNCATEGORISED or card["mark"] != "nothing"]


def _card(name: str, judged: list[dict], weekly: list[dict], likely: dict[str, dict], week: str) -> dict:
    chosen = telling(judged)
    mark = MARKS[chosen["verdict"]] if chosen else "early" if any(r["incidents"] for r in weekly) else "nothing"
    return {
        "category": name,
        "name": category(name),
        "mark": mark,
        "headline": filing.settled(chosen, weekly, likely) if mark == "quiet" else _headline(mark, chosen),
        "signal_weeks": chosen["window_weeks"] if mark == "signal" else None,
        "judged_week": chosen["week"] if chosen else None,
        "so_far": filing.so_far(chosen, weekly, likely, week),
        "rate": _rate(judged),
        "windows": [_window(row, row["week"] in likely) for row in judged],
        "weeks": [_week(row, likely.get(row["week"])) for row in weekly],
        "chart_text": _chart_text(name, weekly, likely) if weekly else None,
    }


def note(made: list[dict]) -> str:
    """How the cards are to be read, or why there are none."""
    if not made:
        return say("no_changes")
    is_open = any(week["likely_high"] is not None for card in made for week in card["weeks"])
    return " ".join([say("changes_note"), *([say("changes_open")] if is_open else [])])


def telling(judged: list[dict]) -> dict | None:
    """The window to speak of: the surest signal, else the week itself."""
    signals = [row for row in judged if row["verdict"] == LEFT]
    if signals:
        return min(signals, key=lambda row: (row["q_value"], row["window_weeks"]))
    recorded = [row for row in judged if row["verdict"] != NOTHING]
    return (recorded or judged or [None])[0]


def _headline(mark: str, row: dict | None) -> str:
    if mark == "nothing":
        return say("card_nothing")
    if mark == "early":
        return say("card_early", weeks=row["history_weeks"] if row else 0, needed=HISTORY_NEEDED)
    routine = span(row["routine_low"], row["routine_high"])
    return say("card_signal", n=row["incidents"], window=window_words(row), routine=routine)


def window_words(row: dict) -> str:
    first = weeks.monday(row["week"])
    if row["window_weeks"] == 1:
        return f"week of {weeks.short_day(first)}"
    return f"{row['window_weeks']} weeks to {weeks.short_day(date.fromordinal(first.toordinal() + 6))}"


def _rate(judged: list[dict]) -> str | None:
    row = next((row for row in judged if row["window_weeks"] == 1 and row["rate"] is not None), None)
    if row is None:
        return None
    low, high = rate(row["rate_low"]), rate(row["rate_high"])
    return say("rate", rate=rate(row["rate"]), low=low, high=high, weeks=row["history_weeks"])


def _window(row: dict, is_open: bool) -> dict:
    has_range = row["routine_low"] is not None
    return {
        "window_weeks": row["window_weeks"],
        "incidents": row["incidents"],
        "count": f"{row['incidents']}+" if is_open else str(row["incidents"]),
        "routine": span(row["routine_low"], row["routine_high"]) if has_range else None,
        "q_value": None if row["q_value"] is None else round(row["q_value"], 4),
        "verdict": row["verdict"],
        "label": LABELS[row["verdict"]],
    }


def _week(row: dict, likely: dict | None) -> dict:
    kept = ("week", "week_on", "is_full", "incidents", "near_misses", "routine_low", "routine_high")
    return {name: row[name] for name in kept} | {
        "is_signal": row["verdict"] == LEFT,
        "likely_low": likely["likely_low"] if likely else None,
        "likely_high": likely["likely_high"] if likely else None,
    }


def _chart_text(name: str, weekly: list[dict], likely: dict[str, dict]) -> str:
    return say(
        "bars",
        category=category(name),
        weeks=count(len(weekly), "week"),
        day=weeks.day(date.fromisoformat(weekly[-1]["week_on"])),
        values=", ".join(filing.counted(row, likely.get(row["week"])) for row in weekly),
    )
