"""What a shard's records hold, counted while they are made: the counts of the truth file.

Here: counting of last revisions, as known on AS_OF. Not here: anything planted, which the plan knows.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

from pipelines.simulate.actions import is_late
from pipelines.simulate.facts import RANK
from pipelines.simulate.people import is_overdue
from pipelines.simulate.plan import OTHER_SHARES
from pipelines.simulate.record import Record
from pipelines.simulate.weeks import AS_OF, DAY, on
from pipelines.simulate.words_effects import CATEGORIES

LATE_FILED = 14 * DAY
RESULTS = ("held", "did_not_hold", "inconclusive")
PLAIN = (
    "records", "revisions", "revised", "evidence_files", "late_filed", "actions", "actions_done", "actions_open",
    "actions_late", "follow_ups", "follow_ups_overdue", "risks_accepted", "risks_expired", "signals", "scenarios",
)  # fmt: skip


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

    def told(self) -> dict:
        """The counts as the truth file tells them."""
        counts = self.counts
        return {name: counts[name] for name in PLAIN} | {
            "incidents": counts["kind:incident"],
            "near_misses": counts["kind:near_miss"],
            "other_kinds": {kind: counts[f"kind:{kind}"] for kind in OTHER_SHARES if kind != "near_miss"},
            "by_category": {category: counts[f"category:{category}"] for category in CATEGORIES},
            "by_stage": {stage: counts[f"stage:{stage}"] for stage in RANK},
            "last_results": {result: counts[f"last_result:{result}"] for result in RESULTS},
        }
