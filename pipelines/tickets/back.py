"""A tracker's export into the record files: read, matched, edited in place, and proved before anything is written.

Here: the order of these, over one project. Not here: each of them. Words that are not listed stop all of it; what is
ambiguous stops itself alone.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines import authors_files, clock, warehouse
from pipelines.contract import bundle
from pipelines.ingest import people
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.validate import Contract
from pipelines.report.print_forms import count
from pipelines.settings import Settings
from pipelines.tickets import exports, words
from pipelines.tickets.edit import CannotEdit
from pipelines.tickets.found import record_files
from pipelines.tickets.match import Change, match
from pipelines.tickets.revise import Revised, revised


@dataclass
class Result:
    """What an export comes to: files revised, what is left to a person and why, and how many tickets are not ours."""

    revised: list[Revised] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    others: int = 0

    @property
    def changes(self) -> list[Change]:
        return [change for one in self.revised for change in one.changes]

    def lines(self) -> list[str]:
        """A line for each change, and the count."""
        return [*(change.line() for change in self.changes), self._count()]

    def diffs(self) -> list[str]:
        """The same as a diff of each file."""
        return [*(one.diff() for one in self.revised), self._count()]

    def _count(self) -> str:
        others = f"; {count(self.others, 'ticket')} of no action here" if self.others else ""
        return f"{count(len(self.changes), 'action')} in {count(len(self.revised), 'file')}{others}"

    def facts(self) -> dict:
        """The same for a program."""
        changes = [
            {"path": change.place.path, "key": change.place.name, "ticket": change.ticket}
            | {".".join(path): value for path, value in change.values.items()}
            for change in self.changes
        ]
        return {"changes": changes, "left_alone": self.remarks, "others": self.others}


def bring_back(project: Settings, export: Path, say: Callable[[str], None]) -> Result:
    """Set what the export says of the project's actions, in its record files."""
    with warehouse.writing(project.state, lambda holder: say(f"waiting for the run with PID {holder}")):
        result = weigh(project, export)
        result.revised = [one for one in result.revised if _is_written(one, result.remarks)]
    return result


def _is_written(one: Revised, remarks: list[str]) -> bool:
    """Whether the file could be replaced; of one that could not, why, and the others go on."""
    try:
        authors_files.replace(one.path, one.data_after, one.data_before)
        return True
    except authors_files.Untouchable as error:
        why = str(error)
    except OSError as error:
        why = error.strerror or str(error)
    remarks.append(f"{one.name} is as it was: {why}")
    return False


def weigh(project: Settings, export: Path) -> Result:
    """What bringing it back would come to; nothing is written."""
    tracker, tickets = exports.read(export)
    keeper = Gatekeeper(Contract(bundle.load()), secrets.token_bytes(people.KEY_BYTES))
    files = list(record_files(project, tickets, keeper))
    outcome = match(tracker, tickets, [place for one in files for place in one.places], words.load())
    remarks = [
        f"{one.name}: {count(one.set_aside, 'record')} would be set aside, and `faultlines check` says why"
        for one in files
        if one.set_aside
    ]
    result = Result(remarks=remarks + outcome.remarks, others=outcome.others)
    if outcome.unknown:
        listed = f"nothing was changed: add the words to {words.PATH.name} or settle these tickets by hand"
        result.remarks += [*outcome.unknown, listed]
        return result
    by_path: dict[str, list[Change]] = defaultdict(list)
    for change in outcome.changes:
        by_path[change.place.path].append(change)
    now = clock.now()
    for one in files:
        changes = by_path[one.name]
        try:
            result.revised += [revised(one, changes, now, keeper)] if changes else []
        except CannotEdit as error:
            result.remarks += [f"{change.line()}: set it by hand ({error})" for change in changes]
    return result
