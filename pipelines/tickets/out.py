"""Actions of records as files that trackers take in: a plain CSV, Jira's CSV import, bodies of GitHub's new issues.

Here: which actions, and the three forms. Not here: the way back (back.py). Each carries its key. The two imports make
new tickets, so they leave out what is finished and what has a ticket already; the CSV has all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from pipelines.contract import bundle
from pipelines.ingest.times import STATES
from pipelines.others_words import for_csv, for_json, for_markdown, for_wiki
from pipelines.readings.prose import visible
from pipelines.readings.records import Held
from pipelines.readings.values import NOT_STATED, inline
from pipelines.report.print_forms import count, plain
from pipelines.tickets import words as tracker_words
from pipelines.tickets.keys import key

LONGEST_SUMMARY = 240  # Jira refuses a summary of 255 characters and more
COLUMNS = (
    "key", "record", "action", "title", "kind", "measure", "owner_team", "due_on", "status", "ticket", "success_metric",
    "success_target",
)  # fmt: skip
JIRA = ("Summary", "Description", "Issue Type", "Due Date", "Labels", "Labels")


def actions(records: Iterable[Held]) -> list[tuple[Held, dict]]:
    """Every action that has an id, with its record: without one no ticket could be led back to it."""
    return [(held, action) for held in records for action in held.record.get("actions", []) if "id" in action]


def new(found: list[tuple[Held, dict]]) -> list[tuple[Held, dict]]:
    """Those that are not finished and have no ticket."""
    finished = tracker_words.load().finished
    return [(held, action) for held, action in found if action.get("status") not in finished and not ticket_of(action)]


def ticket_of(action: dict) -> str | None:
    """The ticket an action names, None where it names none."""
    named = action.get("change_control", {}).get("ticket")
    return None if named is None or named in STATES else named


def file(records: Iterable[Held], form: str) -> tuple[dict, str]:
    """(How many actions are written and left out, the file's text)."""
    found = actions(records)
    taken = found if form == "csv" else new(found)
    return {"written": len(taken), "left_out": len(found) - len(taken)}, written(taken, form)


def said(summary: dict) -> str:
    left = f"; {summary['left_out']} left out: finished, or with a ticket already" if summary["left_out"] else ""
    return f"{count(summary['written'], 'action')}{left}"


def written(found: list[tuple[Held, dict]], form: str) -> str:
    """The file's text, in the form `csv`, `jira` or `github`."""
    return {"csv": _csv, "jira": _jira, "github": _github}[form](found)


def _csv(found: list[tuple[Held, dict]]) -> str:
    rows = []
    for held, action in found:
        success = {name: _text(value, {}, None) for name, value in action.get("success", {}).items()}
        said = action | {
            "key": key(held.record["id"], action["id"]),
            "record": held.record["id"],
            "action": action["id"],
            "ticket": ticket_of(action),
            "success_metric": success.get("metric"),
            "success_target": success.get("target"),
        }
        rows.append([said.get(name) for name in COLUMNS])
    return _table(COLUMNS, rows)


def _jira(found: list[tuple[Held, dict]]) -> str:
    rows = []
    for held, action in found:
        name = key(held.record["id"], action["id"])
        about = "\n".join(f"*{title}:* {for_wiki(text)}" for title, text in _about(held, action))
        due = action.get("due_on")
        rows.append([_summary(name, action), about, "Task", None if due in STATES else due, name, "faultlines"])
    return _table(JIRA, rows)


def _github(found: list[tuple[Held, dict]]) -> str:
    lines = []
    for held, action in found:
        name = key(held.record["id"], action["id"])
        about = "\n".join(f"- **{title}**: {for_markdown(text)}" for title, text in _about(held, action))
        body = {"title": _summary(name, action), "body": f"{about}\n\n`{name}`", "labels": ["faultlines"]}
        lines.append(for_json(body))
    return "".join(f"{line}\n" for line in lines)


def _summary(name: str, action: dict) -> str:
    """The key first: trackers cut long titles at their end."""
    return f"[{name}] {plain(action.get('title', NOT_STATED), max(20, LONGEST_SUMMARY - len(name)))}"


def _about(held: Held, action: dict) -> list[tuple[str, str]]:
    """What a ticket says of the action: title and text of each field that has a value, on one line each."""
    shape = bundle.load()["properties"]["actions"]["items"]["properties"]
    left = [name for name in shape if name in action and name not in ("id", "title", "status")]
    record = [("Record", held.record["id"]), ("Incident", plain(held.record["title"], 500))]
    return record + [(shape[name]["title"], _text(action[name], shape[name], held.zone)) for name in left]


def _text(value: Any, node: dict, zone: str | None) -> str:
    return "".join(run["text"] for run in inline(value, node, zone))


def _table(columns: Iterable[str], rows: Iterable[list]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")  # as every reader takes it, and a terminal too
    writer.writerow(columns)
    writer.writerows([["" if cell is None else for_csv(visible(str(cell))) for cell in row] for row in rows])
    return text.getvalue()
