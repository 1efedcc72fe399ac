"""What the next stage asks for: of a record without errors, the fields it lacks for the stage after its own.

Here: a record held against contract/asked.py. Not here: which stage asks for what (schemas/requirements.schema.json).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.contract.asked import required_at, stages


@dataclass(frozen=True)
class NextStage:
    """`fields`: paths such as `scope.services` or `actions[].due_on` (some entry lacks it), in the contract's order."""

    file: tuple[str, str]
    record_id: str
    stage: str
    next: str
    fields: tuple[str, ...]


def asked_next(records: Iterable[tuple[tuple[str, str], dict]], schema: dict) -> list[NextStage]:
    """One entry for each (file, record) that has a stage after its own."""
    asked, order = required_at(schema), stages(schema)
    following = dict(zip(order, order[1:], strict=False))
    found = []
    for file, record in records:
        if after := following.get(record["stage"]):
            fields = [
                one.field
                for one in asked
                if one.stage == after
                and one.category in (None, record.get("category"))
                and one.domain in (None, record.get("domain"))
                and lacks(record, one.field.split("."))
            ]
            found.append(NextStage(file, record["id"], record["stage"], after, tuple(dict.fromkeys(fields))))
    return found


def lacks(value: Any, path: list[str]) -> bool:
    """Whether the field is missing; of `actions[].due_on`, whether any entry that is there lacks it."""
    name, *rest = path
    child = value.get(name.removesuffix("[]")) if isinstance(value, dict) else None
    if not rest:
        return child is None
    if name.endswith("[]"):
        return any(lacks(item, rest) for item in child or ())
    return lacks(child, rest)
