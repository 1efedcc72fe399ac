"""Files that trackers export → tickets: Jira's REST search and GitHub's issues as JSON, ServiceNow's lists as CSV.

Here: which tracker a file is of (its shape says it), and where each thing stands. Not here: what a word means
(words.py), which action a ticket is of (match.py).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import json_strict, native
from pipelines.ingest.readers.text import decode
from pipelines.ingest.times import STATES, is_day
from pipelines.report.print_forms import plain
from pipelines.settings import SettingsError
from pipelines.tickets import words

# what may stand in a record as a ticket's name, whoever wrote the export
NUMBER = re.compile(r"[A-Za-z0-9#][A-Za-z0-9._/#-]{0,99}")


@dataclass(frozen=True)
class Ticket:
    """One ticket: its name there, what it says of its state by field, the texts in which our key may stand, and the day
    it was closed, as written there; None where it says none, or says it in a way that is no ISO day."""

    number: str
    said: dict[str, str]
    texts: tuple[str, ...]
    closed_on: str | None


def read(path: Path) -> tuple[str, list[Ticket]]:
    """(Tracker, its tickets). SettingsError for a file that is no export of a known one, or a ticket without a name."""
    if not path.is_file():
        raise SettingsError(f"there is no file {path}")
    try:
        with path.open("rb") as file:
            text = decode(native.whole(file))
        tracker, tickets = _json(json_strict.load(text)) if text.lstrip()[:1] in "[{" else _csv(text)
    except Fault as fault:
        raise SettingsError(f"{path}:{fault.line or 1}: {fault.message}; {fault.fix}") from fault
    except (csv.Error, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path}: no export of {', '.join(words.load().trackers)} has this shape") from error
    if any(not isinstance(text, str) for one in tickets for text in (one.number, *one.said.values())):
        raise SettingsError(f"{path}: no export of {', '.join(words.load().trackers)} has this shape")
    if (strange := next((one.number for one in tickets if not _is_name(one.number)), None)) is not None:
        raise SettingsError(f"{path}: {plain(strange)!r} is no name of a ticket")
    return tracker, tickets


def _is_name(number: str) -> bool:
    """Not a word that says why there is no ticket: it would be taken for its author's."""
    return NUMBER.fullmatch(number) is not None and number not in STATES


def _json(value: Any) -> tuple[str, list[Ticket]]:
    if isinstance(value, dict):
        return "jira", [_jira(issue) for issue in value["issues"]]
    return "github", [_github(issue) for issue in value if "pull_request" not in issue]


def _jira(issue: dict) -> Ticket:
    fields = issue["fields"]
    paths = [lookup["field"] for lookup in words.load().trackers["jira"]["lookups"]]
    texts = [*fields.get("labels", []), fields.get("summary"), fields.get("description")]
    closed = fields.get("resolutiondate")
    return Ticket(issue["key"], {path: _inside(issue, path) for path in paths}, _texts(texts), _day(closed))


def _github(issue: dict) -> Ticket:
    """As `gh` writes it or as the REST list does: names in another case, words in capitals."""
    place = re.fullmatch(r"https://[^/]+/([^/]+/[^/]+)/issues/\d+", issue.get("html_url") or issue.get("url") or "")
    said = {"state": issue["state"], "state_reason": issue.get("stateReason") or issue.get("state_reason") or ""}
    labels = [label["name"] for label in issue.get("labels", [])]
    texts = _texts([issue.get("title"), issue.get("body"), *labels])
    closed = issue.get("closedAt") or issue.get("closed_at")
    return Ticket(f"{place[1] if place else ''}#{issue['number']}", said, texts, _day(closed))


def _csv(text: str) -> tuple[str, list[Ticket]]:
    header, *rows = csv.reader(io.StringIO(text), strict=True)
    there = [name.strip().lower() for name in header]
    columns = {
        part: [there.index(name) for name in names if name in there]
        for part, names in words.load().trackers["servicenow"]["columns"].items()
    }
    if not columns["number"] or not columns["state"]:
        raise KeyError("number, state")
    return "servicenow", list(_servicenow(columns, [row for row in rows if row]))


def _servicenow(columns: dict[str, list[int]], rows: list[list[str]]) -> Iterator[Ticket]:
    for row in rows:
        cells = {part: [row[n] for n in places if n < len(row) and row[n]] for part, places in columns.items()}
        number, state, closed = (next(iter(cells[part]), "") for part in ("number", "state", "closed"))
        yield Ticket(number, {"state": state}, _texts(cells["texts"]), _day(closed))


def _inside(value: Any, path: str) -> str:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _texts(found: list) -> tuple[str, ...]:
    return tuple(text for text in found if isinstance(text, str))


def _day(text: str | None) -> str | None:
    """The day of a moment as the tracker wrote it, in the zone it wrote it in."""
    day = (text or "")[:10]
    return day if is_day(day) and day[:1].isdigit() else None
