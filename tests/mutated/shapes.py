"""One way to break each keyword of JSON Schema that the contract uses.

Each takes a record, changes it, and gives back the code it must now have and the path of the defect; None where the
record has no place for it. Not here: rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from pipelines.contract import bundle
from pipelines.contract.asked import Asked, required_at
from pipelines.ingest.shape_faults import with_pack

SCHEMA = bundle.load()
STAGES = SCHEMA["properties"]["stage"]["enum"]
ASKED = required_at(SCHEMA)
Path = tuple[str | int, ...]
Defect = tuple[str, Path] | None
Place = tuple[Path, dict, object]  # path, its schema, the value


def places(record: dict) -> Iterator[Place]:
    """Every value of the record but the record itself, with its schema."""
    yield from _places(record, with_pack(SCHEMA, record), ())


def _places(value: object, node: dict, path: Path) -> Iterator[Place]:
    if path:
        yield path, node, value
    if isinstance(value, dict):
        for key, child in value.items():
            if key in node.get("properties", {}):
                yield from _places(child, node["properties"][key], (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _places(item, node["items"], (*path, n))


def put(record: dict, path: Path, value: object) -> None:
    *steps, last = path
    for step in steps:
        record = record[step]
    record[last] = value


def chosen(chance: Random, record: dict, fits: Callable[[dict, object], bool]) -> Place | None:
    # the version decides by which contract the record is read, the id which mutant it is
    found = [place for place in places(record) if place[0][-1] not in ("schema_version", "id") and fits(*place[1:])]
    return chance.choice(found) if found else None


def unknown_field(chance: Random, record: dict) -> Defect:
    place = chosen(chance, record, lambda node, value: isinstance(value, dict) and len(value) > 0)
    path, _, group = place
    key = chance.choice(sorted(group))
    # beside it and not instead of it: a field that is missing too would be a second defect
    position = list(group).index(key)
    entries = list(group.items())
    entries.insert(position, (f"{key}x", "of no use"))
    group.clear()
    group.update(entries)
    return "PM020", (*path, f"{key}x")


def no_answer(chance: Random, record: dict, which: Callable[[Asked], bool]) -> Defect:
    """A field that the record's stage asks for is taken out of it, of some entry of a list."""
    reached = STAGES[: STAGES.index(record["stage"]) + 1]
    found = [
        path
        for one in ASKED
        if one.stage in reached and which(one) and one.field not in ("schema_version", "stage", "domain", "category")
        and one.category in (None, record.get("category")) and one.domain in (None, record.get("domain"))
        for path in written(record, one.field.split("."), ())
    ]  # fmt: skip
    if not found:
        return None
    path = chance.choice(found)
    holder = record
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return "PM021", path


def written(value: object, steps: list[str], path: Path) -> Iterator[Path]:
    """Where a field such as `actions[].due_on` stands in the record."""
    name, *rest = steps
    key = name.removesuffix("[]")
    if not isinstance(value, dict) or key not in value:
        return
    if not rest:
        yield (*path, key)
    elif name.endswith("[]"):
        for n, item in enumerate(value[key]):
            yield from written(item, rest, (*path, key, n))
    else:
        yield from written(value[key], rest, (*path, key))


def changed(chance: Random, record: dict, code: str, fits: Callable, value: Callable) -> Defect:
    """The value of one fitting place is another; a list's or group's path is that of its key."""
    place = chosen(chance, record, fits)
    if place is None:
        return None
    path, node, was = place
    put(record, path, value(node, was))
    return code, path


def is_number(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d+)?", value))


def misfit(node: dict) -> str | None:
    """A text that the pattern of a field does not take."""
    return next((text for text in ("a b!", " ") if not re.search(node["pattern"], text)), None)


def other_kind(node: dict, value: object) -> object:
    return ["of no use"] if isinstance(value, str) else "of no use"


def unpacked(chance: Random, record: dict) -> Defect:
    if not record.get("domain_fields"):
        return None
    record["domain"] = "forestry"
    return "PM026", ("domain_fields",)


SHAPES: dict[str, Callable[[Random, dict], Defect]] = {
    "additionalProperties": unknown_field,
    "required": lambda chance, record: no_answer(chance, record, lambda one: not (one.category or one.domain)),
    "if": lambda chance, record: no_answer(chance, record, lambda one: bool(one.category or one.domain)),
    "enum": lambda chance, record: changed(
        chance, record, "PM022", lambda node, value: "enum" in node and isinstance(value, str),
        lambda node, was: f"{was}x",
    ),
    "type": lambda chance, record: changed(
        chance, record, "PM023", lambda node, value: "enum" not in node and "format" not in node, other_kind
    ),
    "pattern": lambda chance, record: changed(
        chance, record, "PM024",
        lambda node, value: isinstance(value, str) and "pattern" in node and "enum" not in node and misfit(node),
        lambda node, was: misfit(node),
    ),
    "format": lambda chance, record: changed(
        chance, record, "PM024", lambda node, value: "format" in node, lambda node, was: "2026-02-30"
    ),
    "minimum": lambda chance, record: changed(
        chance, record, "PM025", lambda node, value: "minimum" in node and is_number(value),
        lambda node, was: str(node["minimum"] - 1),
    ),
    "maximum": lambda chance, record: changed(
        chance, record, "PM025", lambda node, value: "maximum" in node and is_number(value),
        lambda node, was: str(node["maximum"] + 1),
    ),
    "maxProperties": unpacked,
}  # fmt: skip
# Keywords that carry others or say of which records they speak: broken as what they carry.
CARRIERS = {"properties", "items", "allOf", "then", "not", "const"}
SAID = {
    "$schema", "$comment", "title", "description", "examples", "markdownDescription", "markdownEnumDescriptions",
    "patternErrorMessage", "defaultSnippets",
}  # fmt: skip


def keywords(node: dict) -> set[str]:
    """The keywords that a schema uses anywhere."""
    found = set(node)
    for child in (*node.get("properties", {}).values(), *node.get("allOf", ())):
        found |= keywords(child)
    for name in ("items", "if", "then", "not"):
        found |= keywords(node[name]) if name in node else set()
    return found
