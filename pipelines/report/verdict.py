"""The verdict in one sentence, and what else a reader in a hurry must know, from the cards of changes.py.

Belongs here: which sentences open the page. Does not belong here: judging anything (analysis/baselines.py).
"""

from pipelines.analysis.baselines import HISTORY_NEEDED
from pipelines.report import weeks
from pipelines.report.changes import MARKS, telling, window_words
from pipelines.report.print_forms import category_said, count, listed, span
from pipelines.report.sentences import say


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
    row = telling([row for row in judged if row["category"] == card["category"]])
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
    judged_week = judged[0]["week"]
    first = weeks.monday(judged_week)
    is_open = any(
        week["week"] == judged_week and week["likely_high"] is not None
        for card in by_mark["quiet"]
        for week in card["weeks"]
    )
    said = {"day": weeks.short_day(first), "count": count(total, "incident")}
    return say("no_signal_so_far", **said) if is_open else say("no_signal", **said)


def _names(made: list[dict]) -> str:
    return listed([category_said(card["category"]) for card in made])
