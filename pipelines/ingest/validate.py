"""Shape: a fast validator says yes or no, and only a no is explained.

Here: JSON Schema validation. Not here: typing (leaves.py), the wording of errors (shape_faults.py),
rules across fields (schemas/rules.yml), times that need a zone (times.py). jsonschema-rs (Rust) validates; the schema
is the only list of what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import jsonschema_rs

from pipelines.ingest import leaves
from pipelines.ingest.faults import Fault
from pipelines.ingest.shape_faults import Positions, explain
from pipelines.ingest.times import is_day, is_instant

MOST_FAULTS = 20


class Contract:
    """One schema, ready to type and to check records against it."""

    def __init__(self, schema: dict) -> None:
        self.schema = schema
        self._validator = jsonschema_rs.Draft7Validator(
            schema, formats={"instant": is_instant, "day": is_day}, validate_formats=True
        )

    @cached_property
    def plan(self) -> leaves.Plan:
        """What the walk over a record's leaves goes by."""
        return leaves.plan(self.schema)

    def typed(self, record: dict) -> dict:
        """Texts as the schema types them (`"3"` -> 3 where an integer is asked), in place; what does not fit stays
        text."""
        leaves.walk(record, self.plan)
        return record

    def is_valid(self, record: Any) -> bool:
        """Whether the record has the schema's shape."""
        return self._validator.is_valid(record)

    def faults(self, record: Any, positions: Callable[[], Positions]) -> list[Fault]:
        """At most MOST_FAULTS things wrong with the shape, by line; `positions` is only asked when something is."""
        errors = list(self._validator.iter_errors(record))
        if not errors:
            return []
        where = positions()
        found = {}
        for error in errors:
            for fault in explain(error, record, self.schema, where):
                found.setdefault((fault.field, fault.code), fault)
        return sorted(found.values(), key=lambda f: (f.line or 0, f.column or 0, f.field or ""))[:MOST_FAULTS]
