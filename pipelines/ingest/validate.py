"""Shape: text becomes typed by the schema, a fast validator says yes or no, and only a no is explained.

Here: typing and JSON Schema validation. Not here: the wording of errors (explain.py), rules across fields
(schemas/rules.yml), times that need a zone (times.py). jsonschema-rs (Rust) validates; the schema is the only list
of what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs

from pipelines.ingest.explain import Positions, explain
from pipelines.ingest.faults import Fault
from pipelines.ingest.times import is_day, is_instant

MOST_FAULTS = 20
NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,2})?")


class Contract:
    """One schema, ready to type and to check records against it."""

    def __init__(self, schema: dict) -> None:
        self.schema = schema
        self._packs = schema.get("x-domain-packs", {})
        self._validator = jsonschema_rs.Draft7Validator(
            schema, formats={"instant": is_instant, "day": is_day}, validate_formats=True
        )

    def typed(self, value: Any) -> Any:
        """Texts as the schema types them (`"3"` -> 3 where an integer is asked); what does not fit stays text."""
        typed = self._typed(value, self.schema)
        if isinstance(value, dict) and "domain_fields" in value:  # two packs may type one name differently
            pack = self._packs.get(str(value.get("domain")), {})
            typed["domain_fields"] = self._typed(value["domain_fields"], pack)
        return typed

    def _typed(self, value: Any, node: dict) -> Any:
        if isinstance(value, dict):
            known = node.get("properties", {})
            return {key: self._typed(child, known.get(key, {})) for key, child in value.items()}
        if isinstance(value, list):
            return [self._typed(item, node.get("items", {})) for item in value]
        if isinstance(value, float) and "integer" in node.get("type", ()):
            # 3.0 is the integer 3 to JSON Schema; 1e30 is one too, and fits no column: as text it is refused by name
            return int(value) if value.is_integer() and abs(value) < 2**63 else repr(value)
        return _typed_leaf(value, node) if isinstance(value, str) else value

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


def _typed_leaf(text: str, node: dict) -> Any:
    types = node.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if NUMBER.fullmatch(text):
        if "integer" in types and text.lstrip("+-").isdigit():
            return int(text)
        if "number" in types:
            return float(text)
    return text
