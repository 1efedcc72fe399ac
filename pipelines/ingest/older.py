"""A record written for an older version of the contract, read as one of today's: itself, and what was noted of it.

Here: what is noted of a record (fields that are there, states), moved as the record's fields are. Not here: the moves
(contract/versions.py), the order in which a record is judged and converted (admit.py), records that are in a warehouse
already (lift.py). Judged first and by its own version, so that a fault names what the author wrote, where it stands.
"""

from __future__ import annotations

from functools import cached_property

from pipelines.contract.versions import CONVERTED, Version
from pipelines.ingest import leaves
from pipelines.ingest.validate import Contract


class Older:
    """One older version, ready to judge records and to convert those that pass."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.contract = Contract(version.schema)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Of every field that stands elsewhere today, its number then and now."""
        moved = {path: self.version.moved(path) for path in self.contract.plan.names.values()}
        return {leaves.number(old): leaves.number(new) for old, new in moved.items() if old != new}

    def convert(self, record: dict, field_ids: list[int], states: list[dict]) -> tuple[list[int], list[dict]]:
        """Convert a record in place; its field numbers and states as they are today.

        What a conversion filled is in no field number, because no author wrote it: it has the state `converted`.
        """
        made = self.version.convert(record)
        numbers = self._numbers
        fields = {numbers.get(number, number) for number in field_ids}
        fields |= {leaves.number(move.place.removesuffix("[]")) for move in made if move.entry is not None}
        stated = [state | {"field": self.version.moved(state["field"])} for state in states]
        filled = [{"field": path, "state": CONVERTED} for path in self.version.filled(made)]
        return sorted(fields), stated + filled
