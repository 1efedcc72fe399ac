"""Which action a ticket is of, and what it changes. Here: the decision, over values. Not here: files on either side.

An action is known by our key in the ticket's label or texts, or by `change_control.ticket`. What is not certain is left
alone and said: a remark.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pipelines.tickets.exports import Ticket
from pipelines.tickets.keys import key, keys
from pipelines.tickets.out import ticket_of
from pipelines.tickets.words import NOT_BEGUN, Words


@dataclass(frozen=True)
class Place:
    """Where an action stands: the `n`-th of the `document`-th record of a file, and the file's own words for it."""

    path: str
    document: int
    n: int
    record_id: str
    action: dict

    @property
    def name(self) -> str:
        return key(self.record_id, self.action["id"])


@dataclass(frozen=True)
class Change:
    """What one ticket changes of one action: fields of the action, by path, and their new values."""

    place: Place
    ticket: str
    values: dict[tuple[str, ...], str]

    def line(self) -> str:
        """As it is said to a person; a reason that was written for the status before stays, and is worth a look."""
        before = self.place.action.get("status", "not stated")
        said = [f"{'.'.join(path)} {value}" for path, value in self.values.items() if path != ("status",)]
        if ("status",) in self.values:
            said.insert(0, f"status {before} -> {self.values['status',]}")
            if "status_reason" in self.place.action:
                said.append("status_reason stays as it was: look at it")
        return f"{self.place.path}: {self.place.name} by {self.ticket}: {', '.join(said)}"


@dataclass
class Outcome:
    """What an export changes, what is left alone and why, words nobody listed, and how many tickets are not ours."""

    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    others: int = 0


def match(tracker: str, tickets: list[Ticket], places: list[Place], words: Words) -> Outcome:
    """Every ticket held against every action."""
    outcome = Outcome()
    by_key, by_ticket = _index(places)
    said: dict[str, list[Ticket]] = defaultdict(list)
    found: dict[str, Place] = {}
    for ticket in tickets:
        for place in _places(ticket, by_key, by_ticket, outcome):
            found[place.name] = place
            said[place.name].append(ticket)
    for name, several in said.items():
        own = [ticket for ticket in several if ticket.number == ticket_of(found[name].action)]
        if len(several) > 1 and len(own) != 1:
            outcome.remarks.append(f"{name}: {len(several)} tickets: {', '.join(one.number for one in several)}")
            continue
        _weigh(tracker, (own or several)[0], found[name], words, outcome)
    return outcome


def _index(places: list[Place]) -> tuple[dict[str, list[Place]], dict[str, list[Place]]]:
    by_key, by_ticket = defaultdict(list), defaultdict(list)
    for place in places:
        by_key[place.name].append(place)
        if ticket := ticket_of(place.action):
            by_ticket[ticket].append(place)
    return by_key, by_ticket


def _places(ticket: Ticket, by_key: dict, by_ticket: dict, outcome: Outcome) -> list[Place]:
    """The actions of a ticket: that of its key; without a key, those that name it."""
    written = keys(list(ticket.texts))
    known = [name for name in written if name in by_key]
    if written and not known:
        outcome.remarks.append(f"{ticket.number}: no action here has the key {written[0]}")
        return []
    if len(known) > 1:
        outcome.remarks.append(f"{ticket.number}: holds the keys of {len(known)} actions: {', '.join(known)}")
        return []
    found = by_key[known[0]] if known else by_ticket.get(ticket.number, [])
    outcome.others += not found
    if len({place.name for place in found}) < len(found):
        outcome.remarks.append(f"{ticket.number}: {found[0].name} stands twice: {', '.join(one.path for one in found)}")
        return []
    return found


def _weigh(tracker: str, ticket: Ticket, place: Place, words: Words, outcome: Outcome) -> None:
    ours, theirs = words.ours(tracker, ticket.said)
    if ours is None:
        outcome.unknown.append(f"{ticket.number}: `{theirs}` is no listed word of {tracker} ({place.name})")
        return
    action = place.action
    before = action.get("status")
    if before == "withheld" or _contradicts(before, ours, words):
        said = f"the record says {before}, {ticket.number} says `{theirs}`"
        outcome.remarks.append(f"{place.name}: {said}; settle it by hand")
        return
    values: dict[tuple[str, ...], str] = {}
    if ours not in (before, NOT_BEGUN):
        values["status",] = ours
        if ours in ("rejected", "superseded") and _is_open(action.get("status_reason")):
            values["status_reason",] = f"{theirs}, says {ticket.number}"
    if ours == "done" and ticket.closed_on and _is_open(action.get("implemented_on")):
        values["implemented_on",] = ticket.closed_on
    if _is_open(action.get("change_control", {}).get("ticket")):
        values["change_control", "ticket"] = ticket.number
    if values:
        outcome.changes.append(Change(place, ticket.number, values))


def _contradicts(before: str | None, ours: str, words: Words) -> bool:
    """Whether a ticket says less than the record, or ends elsewhere."""
    here = words.steps.get(before, -1)
    if ours == NOT_BEGUN:
        return here > words.steps["accepted"]
    return ours != before and words.steps[ours] <= here


def _is_open(value: str | None) -> bool:
    """Whether a field may be filled in: `withheld` and `not_applicable` are its author's last word."""
    return value in (None, "unknown")
