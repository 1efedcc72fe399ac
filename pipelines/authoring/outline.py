"""Which stage first asks a record of one category and domain for which field, and what the contract says of the field.

Here: what the contract requires and what rules ask for, laid over the tree of fields. Not here: the requirements
themselves (contract/asked.py reads them), the rules (schemas/rules.yml).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract import asked
from pipelines.ingest.shape_faults import with_pack
from pipelines.quality import rules


@dataclass(frozen=True)
class Outline:
    """`stages` gives the stage of each asked path (`scope.services`, `actions[].due_on`), lists' entries included."""

    schema: dict
    stages: dict[str, str]
    ranks: dict[str, int]

    def stage_of(self, path: str) -> str | None:
        """The first stage that asks for this field or for one below it; None where no stage does.

        What is asked of a list's entries is asked no earlier than the list, however early an entry must have it.
        """
        below = [(name, stage) for name, stage in self.stages.items() if name == path or name.startswith(f"{path}.")]
        own = [stage for name, stage in below if "[]" not in name[len(path) :]] or [stage for _, stage in below]
        first = min(own, key=self.ranks.__getitem__, default=None)
        holder, entry, _ = path.rpartition("[].")
        if first is None or not entry:
            return first
        return max(first, self.stage_of(holder) or first, key=self.ranks.__getitem__)

    def node_of(self, path: str) -> dict:
        """The schema of a path."""
        node = self.schema
        for step in path.split("."):
            node = node["properties"][step.removesuffix("[]")]
            if step.endswith("[]"):
                node = node["items"]
        return node


def outline(bundle: dict, category: str | None, domain: str | None) -> Outline:
    """The outline of one kind of record. Where two lines ask for a field, the earlier stage holds."""
    ranks = {stage: n for n, stage in enumerate(asked.stages(bundle))}
    stages: dict[str, str] = {}
    for one in sorted(asked.required_at(bundle), key=lambda one: ranks[one.stage]):
        if one.category in (None, category) and one.domain in (None, domain):
            stages.setdefault(one.field, one.stage)
    for rule in rules.load().rules:
        for field in rule.asks:  # no earlier than the list whose entries have it
            holder = stages.get(field.partition("[]")[0], rule.stage)
            stages.setdefault(field, max(rule.stage, holder, key=ranks.__getitem__))
    return Outline(with_pack(bundle, {"domain": domain}), stages, ranks)
