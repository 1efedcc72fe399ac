"""A record written for an older version of the contract, read as one of today's: itself, and what was noted of it.

Here: what is noted of a record (fields that are there, states), moved as the record's fields are. Not here: the moves
(contract/versions.py), the order in which a record is judged and converted (admit.py), records that are in a warehouse
already (lift.py). Judged first and by its own version, so that a fault names what the author wrote, where it stands.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from functools import cached_property

from pipelines.contract.versions import CONVERTED, Move, Version
from pipelines.ingest import leaves
from pipelines.ingest.validate import Contract


class Older:
    """One older version, ready to judge records and to convert those that pass."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.contract = Contract(version.schema)

    def convert(self, record: dict, field_ids: list[int], states: list[dict]) -> tuple[list[int], list[dict]]:
        """Convert a record in place; its field numbers, in their order, and its states as they are today.

        What a conversion filled is in no field number, because no author wrote it: it has the state `converted`.
        """
        made = self.version.convert(record)
        if not made:
            return field_ids, states
        fields = list(field_ids)
        for old, new in self._numbers.items():
            at = bisect_left(fields, old)
            if fields[at : at + 1] == [old]:
                del fields[at]
                insort(fields, new)
        found = [{**state, "field": self.version.moved(state["field"])} for state in states]
        for move in made:
            lists, filled = self._marks[move]
            for number in lists:
                insort(fields, number)
            found += filled
        return fields, found

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Of every field that stands elsewhere today, its number then and now."""
        moved = {path: self.version.moved(path) for path in self.contract.plan.names.values()}
        return {leaves.number(old): leaves.number(new) for old, new in moved.items() if old != new}

    @cached_property
    def _marks(self) -> dict[Move, tuple[list[int], list[dict]]]:
        """Of every move, the number of the list it makes and the states of what it fills."""
        return {
            move: (
                [] if move.entry is None else [leaves.number(self.version.moved(".".join(move.new), after=move))],
                [{"field": path, "state": CONVERTED} for path in self.version.filled(move)],
            )
            for move in self.version.moves
        }
