"""A validator's error in the words of the person who must mend it: code, what is wrong, where, how to mend it.

Here: one branch for each JSON Schema keyword the contract uses. Not here: deciding whether something is wrong.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator
from typing import Any

from pipelines.contract import versions
from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.text import Path, field_name, printable
from pipelines.privacy.cleaning import blank

Positions = dict[Path, tuple[int, int]]
MOST_UNEXPECTED = 20  # of 100,000 keys that are no fields, each compared with every name: 30 s
MANY_WORDS = 12  # the near one may be near in letters alone; fewer are soon tried (set 2026-11-25)
FORMS = {
    "instant": "write a real date or time: 2026, 2026-05, 2026-05-04 or 2026-05-04T06:00Z",
    "day": "write a real day: 2026-05-04",
}
ARTICLES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of fields",
}


def explain(error: Any, record: Any, schema: dict, where: Positions) -> Iterator[Fault]:
    """The faults of one jsonschema_rs error; `where` gives line and column of each path that was written."""
    path: Path = tuple(error.instance_path)
    kind = error.kind
    node = _node(with_pack(schema, record), path)
    if kind.name == "additionalProperties":
        for key in kind.unexpected[:MOST_UNEXPECTED]:
            fix = _elsewhere((*path, key), schema) or _rename(key, node)
            yield fault("PM020", f"{_show(key)} is not a field here", fix, (*path, key), where)
    elif kind.name == "required":
        fix = f"add `{kind.property}`" + _asking(record, schema)
        yield fault("PM021", f"`{kind.property}` is missing", fix, (*path, kind.property), where)
    elif kind.name == "enum":
        yield fault(
            "PM022", f"{_show(error.instance)} is not a word for this field", _word(error, kind, path), path, where
        )
    elif kind.name == "type":
        wanted = " or ".join(ARTICLES[name] for name in kind.types)
        quoted = ", in quotes" if wanted == ARTICLES["string"] and isinstance(error.instance, (int, float)) else ""
        none = ", [] where there is none" if wanted == ARTICLES["array"] else ""
        yield fault("PM023", f"{_show(error.instance)} is not {wanted}", f"write {wanted}{quoted}{none}", path, where)
    elif kind.name in ("pattern", "format"):
        message = f"{_show(error.instance)} does not have the form of this field{_stranger(error.instance, node)}"
        yield fault("PM024", message, _form(node), path, where)
    elif kind.name in ("minimum", "maximum"):
        yield fault("PM025", f"{_show(error.instance)} is out of range", _range(node), path, where)
    elif kind.name == "maxProperties":
        fix = "set `domain` to a pack of schemas/domains/, or leave these fields out"
        yield fault("PM026", "fields of a domain pack, but no pack of that name", fix, path, where)
    else:
        yield fault(
            "PM025", printable(blank(error.message))[:200], "see the field's prompt in schemas/sections/", path, where
        )


def fault(code: str, message: str, fix: str, path: Path, where: Positions) -> Fault:
    """A Fault at the line of the path, or of its nearest parent that was written."""
    known = next((where[path[:n]] for n in range(len(path), -1, -1) if path[:n] in where), (None, None))
    shown = tuple(blank(step) if isinstance(step, str) else step for step in path)
    return Fault(code, message, fix, line=known[0], column=known[1], field=field_name(shown))


def with_pack(schema: dict, record: Any) -> dict:
    """The contract with the fields of the record's domain, which the base leaves open."""
    pack = schema.get("x-domain-packs", {}).get(str(record.get("domain")) if isinstance(record, dict) else None)
    return schema | {"properties": schema["properties"] | {"domain_fields": pack}} if pack else schema


def _node(schema: dict, path: Path) -> dict:
    node = schema
    for step in path:
        node = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step, {})
    return node


def _asking(record: Any, schema: dict) -> str:
    """Which stage asks for a field; a stage that is none of ours is a fault of its own and asks for nothing."""
    stage = record.get("stage") if isinstance(record, dict) else None
    ours = schema.get("properties", {}).get("stage", {}).get("enum", [])
    return f"; stage {stage} asks for it" if stage in ours and stage != "imported" else ""


def unread_version(version: Any, today: str, older: list[str], where: Positions) -> Fault:
    """The fault of a record written for a version that cannot be read; nothing else in it can be judged."""
    fix = f'write "{today}", in quotes' + "".join(f', or "{name}" if it was written for that' for name in older)
    return fault("PM027", f"there is no version {_show(version)} of the contract", fix, ("schema_version",), where)


def _elsewhere(path: Path, schema: dict) -> str | None:
    """How a field of another version is written in this one."""
    key, name = path[-1], ".".join(str(step) for step in path)
    if key in _node({"properties": schema.get("x-today", {})}, path[:-1]).get("properties", {}):
        return f"`{key}` came with a later version: write that in `schema_version`, or remove it"
    moves = [move for steps in versions.steps().values() for move in steps["moves"] if move["from"] == name]
    if not moves or "x-today" in schema:
        return None
    first = "".join(f"{word}: {value}, " for word, value in moves[-1].get("as_entry", {}).items())
    return f"it is now `{moves[-1]['to']}`" + (f", a list: [{{{first}…}}]" if first else "")


def _rename(key: str, node: dict) -> str:
    near = difflib.get_close_matches(key, node.get("properties", {}), 1)
    if near:
        return f"looks like a misspelling; rename it to `{near[0]}`"
    return f"remove it; the fields here are {', '.join(node.get('properties', {})) or 'none'}"


def _word(error: Any, kind: Any, path: Path) -> str:
    words = [str(word) for word in kind.options]
    near = difflib.get_close_matches(str(error.instance), words, 1)
    # a version or a number is no misspelling of another
    if near and any(character.isalpha() for character in near[0]):
        name = ".".join(step for step in path if isinstance(step, str))
        rest = f" `faultlines explain {name}` lists all {len(words)} words" if len(words) > MANY_WORDS else ""
        return f"did you mean `{near[0]}`?{rest}"
    return "write one of " + ", ".join(words)


def _range(node: dict) -> str:
    if "minimum" in node and "maximum" in node:
        return f"write a number from {node['minimum']} to {node['maximum']}"
    return f"write a number of at least {node['minimum']}" if "minimum" in node else "see schemas/sections/"


def _stranger(value: Any, node: dict) -> str:
    """Names the first letter that only looks like one of those a form lists: Cyrillic С and Latin C are drawn alike."""
    if "A-Za-z0-9" not in node.get("pattern", "") and node.get("format") not in FORMS:
        return ""
    found = next((c for c in str(value) if not c.isascii()), None)
    return f": U+{ord(found):04X} is {unicodedata.name(found, 'no letter').lower()}" if found else ""


def _form(node: dict) -> str:
    if node.get("format") in FORMS:
        return FORMS[node["format"]]
    types = node.get("type", [])
    if "integer" in types or "number" in types:
        return "write a number, or unknown, not_applicable or withheld"
    examples = node.get("examples")
    return (
        f"write it like {examples[0]}" if examples else f"it must match {node.get('pattern', 'the form in schemas/')}"
    )


def _show(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a group of fields" if isinstance(value, dict) else "a list"
    text = printable(blank(str(value))).replace("`", "'")
    return f"`{text[:60]}{'…' if len(text) > 60 else ''}`"
