"""What changed per category, and the verdict in one sentence: Q1 (judged windows) and Q2 (weekly counts).

Belongs here: choosing the words for what analysis/baselines.py decided. Does not belong here: judging anything.
"""

from datetime import date

from pipelines.analysis.baselines import EARLY, HISTORY_NEEDED, LEFT, NOTHING, QUIET
from pipelines.report import weeks
from pipelines.report.print_forms import UNCATEGORISED, category, category_said, count, listed, rate, span
from pipelines.report.sentences import say

MARKS = {LEFT: "signal", QUIET: "quiet", EARLY: "early", NOTHING: "nothing"}
LABELS = {LEFT: "◆ signal", QUIET: "no signal", EARLY: "too early", NOTHING: "no data"}  # where a column is narrow


def cards(judged: list[dict], weekly: list[dict], week: str) -> list[dict]:
    """One card per category, by name, what is not categorised last and only where there is any."""
    names = sorted({row["category"] for row in [*judged, *weekly]}, key=lambda name: (name == UNCATEGORISED, name))
    made = [
        _card(
            name,
            [row for row in judged if row["category"] == name],
            [row for row in weekly if row["category"] == name],
            week,
        )
        for name in names
    ]
    made.sort(key=lambda card: card["mark"] == "nothing")
    return [card for card in made if card["category"] != UNCATEGORISED or card["mark"] != "nothing"]


def _card(name: str, judged: list[dict], weekly: list[dict], week: str) -> dict:
    chosen = _telling(judged)
    newest = weekly[-1] if weekly else None
    is_so_far = newest is not None and newest["week"] == week and not newest["is_full"]
    mark = MARKS[chosen["verdict"]] if chosen else "early" if any(r["incidents"] for r in weekly) else "nothing"
    return {
        "category": name,
        "name": category(name),
        "mark": mark,
        "headline": _headline(mark, chosen),
        "signal_weeks": chosen["window_weeks"] if mark == "signal" else None,
        "judged_week": chosen["week"] if chosen else None,
        "so_far": say("so_far", number=weeks.number(week), n=newest["incidents"]) if is_so_far else None,
        "rate": _rate(judged),
        "windows": [_window(row) for row in judged],
        "weeks": [_week(row) for row in weekly],
        "chart_text": _chart_text(name, weekly) if weekly else None,
    }


def note(made: list[dict]) -> str:
    """How the cards are to be read, or why there are none."""
    return say("changes_note") if made else say("no_changes")


def _telling(judged: list[dict]) -> dict | None:
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
    if mark == "signal":
        return say("card_signal", n=row["incidents"], window=window_words(row), routine=routine)
    return say("card_quiet", n=row["incidents"], day=weeks.short_day(weeks.monday(row["week"])), routine=routine)


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


def _window(row: dict) -> dict:
    has_range = row["routine_low"] is not None
    return {
        "window_weeks": row["window_weeks"],
        "incidents": row["incidents"],
        "routine": span(row["routine_low"], row["routine_high"]) if has_range else None,
        "q_value": None if row["q_value"] is None else round(row["q_value"], 4),
        "verdict": row["verdict"],
        "label": LABELS[row["verdict"]],
    }


def _week(row: dict) -> dict:
    kept = ("week", "week_on", "is_full", "incidents", "near_misses", "routine_low", "routine_high")
    return {name: row[name] for name in kept} | {"is_signal": row["verdict"] == LEFT}


def _chart_text(name: str, weekly: list[dict]) -> str:
    return say(
        "bars",
        category=category(name),
        weeks=count(len(weekly), "week"),
        day=weeks.day(date.fromisoformat(weekly[-1]["week_on"])),
        values=", ".join(str(row["incidents"]) + ("" if row["is_full"] else " so far") for row in weekly),
    )


def verdict(made: list[dict], judged: list[dict], week: str, has_begun: bool) -> dict:
    """The state of the page and its first sentences."""
    if not has_begun:
        return {"state": "no data", "sentences": [say("not_begun")]}
    by_mark = {mark: [card for card in made if card["mark"] == mark] for mark in MARKS.values()}
    if len(by_mark["nothing"]) == len(made):
        return {"state": "no data", "sentences": [say("nothing_recorded")]}
    if not judged:
        return {"state": "too early", "sentences": [say("nothing_to_judge")]}
    said = [_signal(card, judged) for card in by_mark["signal"]]
    if by_mark["quiet"]:
        said.append(_quiet(by_mark, judged))
    if by_mark["early"]:
        seen = judged[0]["history_weeks"]
        said.append(say("too_early", names=_names(by_mark["early"]), weeks=seen, needed=HISTORY_NEEDED))
    if by_mark["nothing"]:
        said.append(say("nothing_recorded_in", names=_names(by_mark["nothing"])))
    if judged[0]["week"] != week:
        said.append(say("not_full", number=weeks.number(week), judged=weeks.number(judged[0]["week"])))
    state = "signal" if by_mark["signal"] else "quiet" if by_mark["quiet"] else "too early"
    return {"state": state, "sentences": said}


def _signal(card: dict, judged: list[dict]) -> str:
    row = _telling([row for row in judged if row["category"] == card["category"]])
    said = category_said(card["category"])
    return say(
        "signal",
        category=said[:1].upper() + said[1:],
        window=window_words(row),
        count=count(row["incidents"], "incident"),
        routine=span(row["routine_low"], row["routine_high"]),
    )


def _quiet(by_mark: dict, judged: list[dict]) -> str:
    if by_mark["signal"]:
        return say("no_signal_in", names=_names(by_mark["quiet"]))
    total = sum(row["incidents"] for row in judged if row["window_weeks"] == 1)
    first = weeks.monday(judged[0]["week"])
    return say("no_signal", day=weeks.short_day(first), count=count(total, "incident"))


def _names(made: list[dict]) -> str:
    return listed([category_said(card["category"]) for card in made])
