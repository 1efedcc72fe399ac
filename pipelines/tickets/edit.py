"""A record file's text with a few values changed, and every other character as its author left it.

Here: where in a file a record's text lies, and how a value is written or added in YAML and JSON. Not here: which values
(match.py), nor trust: the result is read again before it is written (revise.py). CannotEdit where a person must.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from pipelines.tickets.spans import Span, of_json, of_yaml

Values = dict[tuple[str | int, ...], str | int]
MARK = "\ufeff"  # some editors begin a file with it
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:+-]*")
END_OF_LINE = re.compile(r"\r?\n|\Z")
FENCE = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)


class CannotEdit(Exception):
    """The text has no place where this could be written without touching more; the message says which."""


def edited(name: str, text: str, document: int, values: Values) -> str:
    """The text of the file `name` with the values of its `document`-th record (from 0) set, by path."""
    if text.startswith(MARK):
        return MARK + edited(name, text[1:], document, values)
    suffix = PurePath(name).suffix.lower()
    try:
        return _edited(suffix, text, document, values)
    except (LookupError, ValueError) as error:
        raise CannotEdit("what the reader knows of is not found where it should be") from error


def _edited(suffix: str, text: str, document: int, values: Values) -> str:
    start, end = _bounds(suffix, text, document)
    is_json = suffix in (".json", ".ndjson", ".jsonl")
    inside = text[start:end]
    for path, value in values.items():  # one at a time: each moves what stands after it
        root = of_json(inside) if is_json else of_yaml(inside)
        inside = _set(inside, root, path, value, is_json)
    return text[:start] + inside + text[end:]


def _bounds(suffix: str, text: str, document: int) -> tuple[int, int]:
    """Where the record's own text begins and ends."""
    if suffix in (".md", ".markdown"):
        opening = FENCE.match(text)
        return opening.end() + 1, FENCE.search(text, opening.end() + 1).start()
    if suffix in (".ndjson", ".jsonl"):
        lines = [line for line in re.finditer(r"[^\r\n]+", text) if not line[0].isspace()]
        return lines[document].span()
    if suffix == ".json" and text.lstrip().startswith("["):
        item = of_json(text).items[document]
        return item.start, item.end
    return 0, len(text)


def _set(text: str, root: Span, path: tuple[str | int, ...], value: str | int, is_json: bool) -> str:
    holder = root
    for n, step in enumerate(path[:-1]):
        if isinstance(step, str) and (step not in holder.entries or holder.entries[step][1].is_null):
            rest = path[n + 1 :]
            return _add(text, holder, step, {rest[0]: value}, is_json)
        holder = holder.items[step] if isinstance(step, int) else holder.entries[step][1]
    key = str(path[-1])
    if key not in holder.entries:
        return _add(text, holder, key, value, is_json)
    there = holder.entries[key][1]
    if there.style != "scalar":
        raise CannotEdit(f"`{key}` is not on one line")
    space = " " if there.start == there.end and text[there.start - 1] == ":" else ""
    return text[: there.start] + space + _written(value, is_json, text[there.start : there.end]) + text[there.end :]


def _add(text: str, holder: Span, key: str, value: str | int | dict, is_json: bool) -> str:
    """The mapping with one key more: on a line of its own where its keys have lines, else after a value."""
    if key in holder.entries:
        raise CannotEdit(f"`{key}` is there, and empty")
    pair = f"{_written(key, is_json)}: {_written(value, is_json)}"
    if not holder.entries:
        return text[: holder.start + 1] + pair + text[holder.start + 1 :]
    begins, anchor = _anchor(holder)
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text[text.rfind("\n", 0, begins) + 1 : begins]
    if holder.style == "block":
        ends = END_OF_LINE.search(text, anchor.end).start()
        return f"{text[:ends]}{newline}{' ' * len(before)}{pair}{text[ends:]}"
    between = f",{newline}{before}" if before.isspace() else ", "
    return text[: anchor.end] + between + pair + text[anchor.end :]


def _anchor(holder: Span) -> tuple[int, Span]:
    """The key after which a new one stands: the status, the id, or the first whose value is on one line."""
    simple = {name: entry for name, entry in holder.entries.items() if entry[1].style == "scalar"}
    for name in ("status", "id", *simple):
        if name in simple:
            return simple[name]
    raise CannotEdit("no key here has a value on its own line")


def _written(value: str | int | dict, is_json: bool, before: str = "") -> str:
    """A value as it is written: in the quotes that stood there, plain where plain is safe."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(k, is_json)}: {_written(v, is_json)}" for k, v in value.items()) + "}"
    if isinstance(value, int):
        return f"{before[:1]}{value}{before[:1]}" if before[:1] in ("'", '"') else str(value)
    if is_json or not PLAIN.fullmatch(value) or value.endswith(":") or before.startswith('"'):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}'" if before.startswith("'") else value
