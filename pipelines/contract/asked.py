"""What the contract asks for: which field from which stage on, for which category or domain.

Here: reading the requirements back out of the bundle, so that completeness is computed from the same lines that
validation uses. Not here: whether a record answers (SQL over the raw tables does that).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Asked(NamedTuple):
    """One field the contract asks for; `category` and `domain` are None where it asks every record.

    `field` is a path such as `scope.summary`, `actions` (the list itself, which may be empty) or `actions[].due_on`
    (asked of each entry that is there). A stage asks for its own fields and those of every stage before it; `imported`
    is the first, so its fields are asked of all records.
    """

    field: str
    section: str
    stage: str
    category: str | None
    domain: str | None


def stages(bundle: dict) -> list[str]:
    """The contract's stages, the first that asks least."""
    return bundle["properties"]["stage"]["enum"]


def required_at(bundle: dict) -> list[Asked]:
    """Every field asked for, domain packs' among them, in the contract's order."""
    order = stages(bundle)
    base = {"if": {"properties": {"stage": {"enum": order}}}, "then": {"required": bundle["required"]}}
    found = []
    for entry in (base, *bundle["allOf"]):
        condition = entry["if"].get("properties", {})
        if "stage" not in condition:
            continue  # it closes domain_fields and asks for nothing
        stage = min(_words(condition, "stage"), key=order.index)
        domain = condition.get("domain", {}).get("const")
        for field in _fields(entry["then"], ""):
            section = bundle["properties"][field.split(".")[0].removesuffix("[]")]["x-section"]
            found += [Asked(field, section, stage, category, domain) for category in _words(condition, "category")]
    return found


def _words(condition: dict, name: str) -> list[str | None]:
    """The words a condition names for one field, be it one or several; [None] where it names none."""
    words = condition.get(name, {})
    return words.get("enum") or [words.get("const")]


def _fields(then: dict, prefix: str) -> Iterator[str]:
    """Paths under one `then`; a key that is looked into further is only the way there, not itself a field."""
    inner = then.get("properties", {})
    for name in then.get("required", []):
        if "required" not in inner.get(name, {}) and "properties" not in inner.get(name, {}):
            yield prefix + name
    for name, child in inner.items():
        yield from _fields(child, f"{prefix}{name}.")
        yield from _fields(child.get("items", {}), f"{prefix}{name}[].")
