"""What a shard's records hold, counted while they are made: the counts of the truth file.

Here: counting of last revisions, as known on AS_OF. Not here: anything planted, which the plan knows.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

from pipelines.simulate.actions import is_late
from pipelines.simulate.people import is_overdue
from pipelines.simulate.record import Record
from pipelines.simulate.weeks import AS_OF, DAY, on

LATE_FILED = 14 * DAY


@dataclass
class Tally:
    """Counters, and the filing delay of each incident in minutes."""

    counts: Counter = field(default_factory=Counter)
    delays: array = field(default_factory=lambda: array("I"))

    def add(self, record: Record) -> None:
        """Count one record."""
        facts, last, counts = record.facts, record.revisions[-1], self.counts
        counts.update(("records", f"kind:{facts.kind}", f"stage:{last['stage']}"))
        counts["revisions"] += len(record.revisions)
        counts["revised"] += len(record.revisions) > 1
        counts["evidence_files"] += len(record.files)
        if facts.kind == "incident":
            counts[f"category:{facts.category}"] += 1
            counts["late_filed"] += facts.filed - facts.impact > LATE_FILED
            self.delays.append(facts.filed - facts.impact)
        if "actions" in last:
            self._add_work(last)

    def _add_work(self, last: dict) -> None:
        counts = self.counts
        for action in last["actions"]:
            counts["actions"] += 1
            counts["actions_done"] += action["status"] == "done"
            counts["actions_open"] += action["status"] in ("accepted", "in_progress")
            counts["actions_late"] += is_late(action)
            results = [one["result"] for one in action.get("verifications", ())][-1:]
            counts.update(f"last_result:{result}" for result in results)
        for follow_up in last.get("follow_ups", ()):
            counts["follow_ups"] += 1
            counts["follow_ups_overdue"] += is_overdue(follow_up)
        for decision in last["decisions"]:
            for risk in decision.get("risks_accepted", ()):
                counts["risks_accepted"] += 1
                counts["risks_expired"] += risk["expires_on"] < on(AS_OF)
        counts["signals"] += len(last.get("signals", ()))
        counts["scenarios"] += len(last.get("scenarios", ()))

    def take(self, other: Tally) -> None:
        """Add what another shard counted."""
        self.counts.update(other.counts)
        self.delays.extend(other.delays)
