"""Causes named, actions by team, what lies ahead, decisions drafted from them: Q3, Q4, Q8, Q9.

Belongs here: folding the rows of these queries into the page's parts. Never by person: no query here reads one.
"""

from datetime import date, timedelta

from pipelines.report import weeks
from pipelines.report.print_forms import count, listed, plain, team, words
from pipelines.report.sentences import say

SHOWN_CAUSES = 3  # of each kind; 2026-11-25: a minute of reading holds no more beside the fault lines
SHOWN_TEAMS = 10
SHOWN_DECISIONS = 3  # a leader has one minute: at most three
KINDS = {"root_cause": "Root cause", "trigger": "Trigger", "contributing_factor": "Contributing factor"}
LATENESS = ("late_over_30", "late", "on_time", "no_due_date")


def causes(rows: list[dict], totals: dict, last: date) -> dict:
    groups, incidents = [], totals["incidents_52_weeks"]
    for kind, name in KINDS.items():
        of_kind = [row for row in rows if row["kind"] == kind]
        if of_kind:
            shown = [
                {"code": plain(row["code"]), "name": words(row["code"])}
                | {key: row[key] for key in ("incidents", "teams", "incidents_ever")}
                for row in of_kind[:SHOWN_CAUSES]
            ]
            more = say("more", n=len(of_kind) - len(shown), query="Q3") if len(of_kind) > len(shown) else None
            groups.append({"kind": kind, "name": name, "rows": shown, "more": more})
    said = say("causes", count=count(incidents, "incident"), day=weeks.day(last))
    if not groups:
        said = say("no_causes") if totals["incidents"] else say("no_incident")
    return {"sentence": said, "groups": groups, "query": "Q3"}


def actions(rows: list[dict], as_of_on: date) -> dict:
    opened = [row for row in rows if any(row[name] for name in LATENESS)]
    shown = [_team(team(row["team"]), row) for row in opened[:SHOWN_TEAMS]]
    if len(opened) > SHOWN_TEAMS:
        rest = opened[SHOWN_TEAMS:]
        total = {name: sum(row[name] for row in rest) for name in LATENESS}
        shown.append(_team(say("other_teams", count=count(len(rest), "other team")), total) | {"is_rest": True})
    late = sum(row["late_over_30"] + row["late"] for row in opened)
    n = sum(row[name] for row in opened for name in LATENESS)
    said = say("actions", count=count(n, "action"), late=late, day=weeks.day(as_of_on))
    if not n:
        said = say("no_actions") if rows else say("no_action_known")
    return {
        "sentence": said,
        "teams": shown,
        "most": max((sum(row[name] for name in LATENESS) for row in shown if not row["is_rest"]), default=0),
        "query": "Q4",
    }


def _team(name: str, row: dict) -> dict:
    counts = {key: row[key] for key in LATENESS}
    return {"team": name, "is_rest": False, **counts, "text": say("actions_bar", team=name, **counts)}


def ahead(rows: list[dict], teams: list[dict], as_of_on: date) -> dict:
    """`teams`: the actions of Q4, because where none is recorded, that none falls due says nothing."""
    last = weeks.day(as_of_on + timedelta(days=14))
    if not rows:
        return {"sentence": say("no_ahead", day=last) if teams else say("no_action_known"), "query": "Q9"}
    first = weeks.day(date.fromisoformat(min(row["first_due_on"] for row in rows)))
    names = [f"{team(row['team'])} {row['actions']}" for row in rows[:3]]
    names += [say("other_teams", count=count(len(rows) - 3, "other team"))] if len(rows) > 3 else []
    n = sum(row["actions"] for row in rows)
    return {
        "sentence": say("ahead", count=count(n, "action"), day=last, first=first, teams=listed(names)),
        "query": "Q9",
    }


def decisions(rows: list[dict], teams: list[dict]) -> dict:
    """Fixes that failed before actions that are late, more before fewer, one decision per team and reason.

    The last place is kept for late actions where there are any: many failed fixes must not hide them.
    """
    groups: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["reason"], team(row["team"])), []).append(row)
    order = sorted(groups, key=lambda key: (key[0] != "did_not_hold", -len(groups[key]), key[1]))
    late = next((key for key in order if key[0] == "late_over_30"), None)
    if late and order.index(late) >= SHOWN_DECISIONS:
        order.remove(late)
        order.insert(SHOWN_DECISIONS - 1, late)
    items = [_decision(reason, name, groups[reason, name]) for reason, name in order]
    more = len(items) - SHOWN_DECISIONS
    nothing = say("no_decisions") if teams else say("no_action_known")
    return {
        "status": "draft",
        "sentence": say("decisions_note", query="Q8") if items else nothing,
        "items": items[:SHOWN_DECISIONS],
        "more": say("more_decisions", n=more, query="Q8") if more > 0 else None,
        "query": "Q8",
    }


def _decision(reason: str, name: str, rows: list[dict]) -> dict:
    first = rows[0]
    if reason == "late_over_30":
        what = say("decision_late", count=count(len(rows), "action"))
    elif len(rows) > 1:
        what = say("decision_fixes", count=count(len(rows), "fix", "fixes"))
    else:
        what = say(
            "decision_fix",
            title=plain(first["title"], 90),
            action=plain(first["action_id"], 40) or "an action",
            record=plain(first["record_id"], 60),
        )
    due = min((row["due_on"] for row in rows if row["due_on"]), default=None)
    return {
        "reason": reason,
        "what": what,
        "way_out": say("way_out"),
        "size": len(rows),
        "size_text": count(len(rows), "action"),
        "team": name,
        "since": say("since", day=weeks.day(date.fromisoformat(due))) if due and reason == "late_over_30" else None,
        "query": "Q8",
    }
