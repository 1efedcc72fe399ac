"""schemas/tickets.yml: trackers' words for how far a ticket is, and ours. Here: reading it, and one word's lookup.

Not here: where in an export a word stands (exports.py), what becomes of the action (match.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.contract import bundle
from pipelines.contract.bundle import ContractError
from pipelines.settings import SCHEMAS

PATH = SCHEMAS / "tickets.yml"
NOT_BEGUN = "not_begun"


@dataclass(frozen=True)
class Words:
    """How far each word of ours is, and the trackers as they are written."""

    steps: dict[str, int]
    trackers: dict[str, dict]

    @property
    def finished(self) -> set[str]:
        """The words after which nothing is left to do."""
        return {word for word, step in self.steps.items() if step == max(self.steps.values())}

    def ours(self, tracker: str, said: dict[str, str]) -> tuple[str | None, str]:
        """(Our word, the tracker's) for what a ticket says by field; None for a word that is not listed."""
        last = ""
        for lookup in self.trackers[tracker]["lookups"]:
            word = said.get(lookup["field"], "")
            if not word:
                continue
            listed = {name.casefold(): ours for name, ours in lookup["words"].items()}
            last = last or word
            if word.casefold() in listed:
                return listed[word.casefold()], last
            if "may_pass" not in lookup:
                return None, word
        return None, last


@cache
def load(path: Path = PATH) -> Words:
    """Read the words; ContractError for one of ours that the contract does not have."""
    from pipelines.ingest.readers import yaml_events

    written = yaml_events.load(path.read_text(encoding="utf-8"))
    steps = {word: int(step) for word, step in written["steps"].items()}
    known = bundle.load()["x-vocabularies"]["action_statuses"].keys()
    lookups = [lookup for tracker in written["trackers"].values() for lookup in tracker["lookups"]]
    used = {ours for lookup in lookups for ours in lookup["words"].values()}
    if steps.keys() != known:
        raise ContractError(f"{path.name}: `steps` must hold {', '.join(known)}, each once")
    if unknown := used - known - {NOT_BEGUN}:
        raise ContractError(f"{path.name}: {min(unknown)} is no status of an action")
    return Words(steps, written["trackers"])
