"""Strict JSON to plain values: what RFC 8259 leaves open or Python adds is refused.

Here: duplicate keys, NaN and Infinity, numbers beyond 64-bit integers or finite doubles, lone surrogates, control
characters spelt as escapes, too deep or too many values; nulls dropped as "not there"; and where every key stands.
Not here: what a record must hold, or how records lie in a file.

Values keep their JSON types. msgspec reads a document that shows no sign of trouble, in a quarter of the time; any
other is read by the C scanner of the standard library, which tells duplicate keys, and one with a null, a rare
escape, thousands of values or deep levels takes a third, careful look (150 µs for 3 KB, 2026-11-22).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from json.decoder import scanstring
from typing import Any

import msgspec

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.text import (
    MAX_DEPTH,
    MAX_NODES,
    Path,
    Places,
    field_name,
    line_feeds,
    place,
    settle,
    shortened,
)

# Signs of trouble: nulls, and the escapes that may spell a control character, a carriage return or half a pair.
# Not every \u: most JSON that programs write spells é and … that way.
_ESCAPES = re.compile(r"\\[bfr]|\\u(?:00[01789]|[dD][89a-fA-F])")
_SUSPECT = re.compile("null|" + _ESCAPES.pattern)
_SPACE = re.compile(r"[ \t\n]*")
_NULL = re.compile(r"[:\[,][ \t\n]*null")
_SPACED = re.compile(r'"[ \t\n]+:')
_ATOM = re.compile(r"null|true|false|NaN|-?Infinity|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


class _Refused(ValueError):
    """Something is refused at a place the C scanner does not tell; `_explain` finds it."""


def load(text: str, first_line: int = 1) -> Any:
    """The value of one JSON document, or a Fault; `first_line` is where `text` begins in its file."""
    return _load(text, first_line, _is_there)


def written(text: str, first_line: int = 1) -> Any:
    """The same, with None at each key whose value is null: only the contract tells a field left blank from a misspelt
    one."""
    return _load(text, first_line, _is_key)


def _is_there(value: Any) -> bool:
    return value is not None


def _is_key(value: Any) -> bool:
    return True


def _load(text: str, first_line: int, is_kept: Callable[[Any], bool]) -> Any:
    if not _is_doubtful(text):
        try:
            value = msgspec.json.decode(text)
            if _keys(value, MAX_DEPTH) == text.count('":') and _most_nodes(text) < MAX_NODES:
                return value
        except (msgspec.DecodeError, RecursionError, _Refused):
            pass  # the careful way finds what is wrong, and where
    return _load_carefully(text, first_line, is_kept)


def _is_doubtful(text: str) -> bool:
    """Signs of trouble, and a key whose colon does not follow at once. Searched one by one,
    as a pattern of all of them takes 200 µs for 3 KB and these take 3."""
    if "null" in text and _NULL.search(text):
        return True
    if ('" ' in text or '"\t' in text or '"\n' in text) and _SPACED.search(text):
        return True
    return "\\" in text and bool(_ESCAPES.search(text))


def _keys(value: Any, levels: int) -> int:
    """How many keys the objects of a value hold. A document that repeats one holds fewer than it writes: `":` stands
    behind every key, and inside a text it only makes the document look worse than it is."""
    if not levels:
        raise _Refused
    found = 0
    if type(value) is dict:
        found = len(value)
        value = value.values()
    elif type(value) is not list:
        if type(value) is int and not -(2**63) <= value < 2**63:
            raise _Refused
        return 0
    for child in value:
        kind = type(child)
        if kind is str:
            continue
        if kind is dict or kind is list:
            found += _keys(child, levels - 1)
        elif kind is int and not -(2**63) <= child < 2**63:
            raise _Refused
    return found


def _most_nodes(text: str) -> int:
    return text.count("{") + text.count("[") + text.count(",")


def _load_carefully(text: str, first_line: int, is_kept: Callable[[Any], bool] = _is_there) -> Any:
    try:
        value = _DECODER.decode(text)
        openings = text.count("{") + text.count("[")
        if (
            _SUSPECT.search(text)
            or _most_nodes(text) >= MAX_NODES
            or openings > MAX_DEPTH
            and _levels(value) > MAX_DEPTH
        ):
            value = _careful(value, is_kept)
        return value
    except json.JSONDecodeError as error:
        raise _syntax(error, text, first_line) from None
    except (_Refused, Fault, RecursionError):
        raise _explain(text, first_line) from None


def positions(text: str, first_line: int = 1) -> dict[Path, tuple[int, int]]:
    """Line and column of every key and list item of a document that `load` accepts, by path.

    Far slower than `load`, so this is for records that failed. A mapping's value has the place of its key; nulls
    in lists have none, and indices count without them as in `load`.
    """
    return item_positions(text, Places(text, first_line))


def item_positions(text: str, at: Places, start: int = 0) -> dict[Path, tuple[int, int]]:
    """The same of the value that begins at `start`, with paths of its own: an item of an array is located alone.

    The lines of a file are searched once for all its items: for each anew, 8 MB of items take hours.
    """
    return {path: at(offset) for path, offset, kind, _ in _walk(text, start) if _has_place(path, kind)}


def _has_place(path: Path, kind: str) -> bool:
    return kind != "null" or bool(path) and type(path[-1]) is str


def items(text: str) -> list[int]:
    """The offsets of the items of a document that is an array, without its nulls."""
    offsets = []
    decode = json.JSONDecoder().raw_decode
    here = _SPACE.match(text, _SPACE.match(text).end() + 1).end()
    while text[here] != "]":
        value, end = decode(text, here)
        if value is not None:
            offsets.append(here)
        here = _SPACE.match(text, end).end()
        if text[here] == ",":
            here = _SPACE.match(text, here + 1).end()
    return offsets


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise _Refused
    return record


def _float(written: str) -> float:
    value = float(written)
    if math.isinf(value):
        raise _Refused
    return value


def _int(written: str) -> int:
    # 20 characters hold every 64-bit integer; int() of thousands of digits is slow and then an error of its own.
    if len(written) > 20 or not -(2**63) <= (value := int(written)) < 2**63:
        raise _Refused
    return value


def _constant(written: str) -> float:
    raise _Refused(written)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant)


def _levels(document: Any) -> int:
    levels, containers = 0, [document]
    while containers := [one for one in containers if type(one) is dict or type(one) is list]:
        levels += 1
        containers = [child for one in containers for child in (one.values() if type(one) is dict else one)]
    return levels


def _careful(document: Any, is_kept: Callable[[Any], bool]) -> Any:
    """The document without nulls in lists, of its keys those whose value is kept, with settled texts; the recursion
    ends at MAX_DEPTH."""
    nodes = 1

    def settled(value: Any, depth: int) -> Any:
        nonlocal nodes
        kind = type(value)
        if kind is str:
            return settle(value)
        if kind is not dict and kind is not list:
            return value
        nodes += len(value)
        if depth == MAX_DEPTH or nodes > MAX_NODES:
            raise _Refused
        if kind is list:
            return [settled(item, depth + 1) for item in value if item is not None]
        return _object([(settle(key), settled(item, depth + 1)) for key, item in value.items() if is_kept(item)])

    return settled(document, 0)


def _walk(text: str, start: int = 0) -> Iterator[tuple[Path, int, str, Any]]:
    """Every value of a well-formed document in the order of the text: path, offset of its key or itself, kind, value.

    The kind is `"`, `{`, `[`, "null" or "atom" (a number or constant, its value as written). Stops at the first
    thing that is no JSON: `_explain` reads only up to what the C scanner has already seen.
    """
    stack: list[tuple[Path, int | None]] = []
    path: Path = ()
    index: int | None = None  # of the innermost array's last item; None in an object
    here = start
    while True:
        here = _SPACE.match(text, here).end()
        sign = text[here : here + 1]
        if sign == ",":
            here += 1
            continue
        if stack and (sign == "]" or sign == "}"):
            path, index = stack.pop()
            here += 1
        else:
            offset, child = here, path
            if stack and index is None:
                key, here = scanstring(text, here + 1, True)
                child = (*path, line_feeds(key))
                here = _SPACE.match(text, _SPACE.match(text, here).end() + 1).end()
                sign = text[here : here + 1]
            elif stack:
                index += 1
                child = (*path, index)
            if sign == '"':
                value, here = scanstring(text, here + 1, True)
                yield child, offset, sign, value
            elif sign == "{" or sign == "[":
                yield child, offset, sign, None
                stack.append((path, index))
                path, index = child, -1 if sign == "[" else None
                here += 1
            elif atom := _ATOM.match(text, here):
                here = atom.end()
                if atom[0] == "null" and index is not None:
                    index -= 1
                yield child, offset, "null" if atom[0] == "null" else "atom", atom[0]
            else:
                return
        if not stack:
            return


def _explain(text: str, first_line: int) -> Fault:
    """The first refused thing of a document that `load` could not take."""
    at = Places(text, first_line)
    seen: dict[Path, int] = {}
    for nodes, (path, offset, kind, value) in enumerate(_walk(text), 1):
        try:
            if path and isinstance(path[-1], str):
                settle(path[-1])
                if path in seen:
                    _twice(path[-1], at(seen[path])[0], at(offset)[0])
                seen[path] = offset
            _refuse_value(kind, value, len(path), nodes)
        except Fault as fault:
            fault.line, fault.column = at(offset)
            fault.field = field_name(path)
            return fault
    return Fault("PM014", "the document is refused, and where is not known", "check it with a JSON tool", first_line, 1)


def _twice(key: str, first: int, again: int) -> None:
    message = f"the key {shortened(key)!r} stands twice: on line {first} and on line {again}"
    raise Fault("PM009", message, "keep one of the two")


def _refuse_value(kind: str, value: Any, depth: int, nodes: int) -> None:
    if kind == '"':
        settle(value)
    elif kind == "atom" and value.lstrip("-") in ("NaN", "Infinity"):
        fix = "leave the key out, or write unknown if its author does not know"
        raise Fault("PM015", f"{value} is no number of JSON", fix)
    elif kind == "atom" and value not in ("true", "false"):
        try:
            _float(value) if set(value) & set(".eE") else _int(value)
        except _Refused:
            short = value if len(value) <= 30 else f"a number of {len(value):,} characters"
            fix = "write it as a text, or in a larger unit"
            raise Fault("PM015", f"{short} is beyond 64 bits", fix) from None
    elif kind in ("{", "[") and depth >= MAX_DEPTH:
        raise Fault("PM007", f"more than {MAX_DEPTH} levels of nesting", "flatten the value")
    if nodes > MAX_NODES:
        fix = "keep bulky evidence in files of its own, or write NDJSON with one record a line"
        raise Fault("PM008", f"more than {MAX_NODES:,} keys and values", fix)


# The message of the standard library begins with → what to do. The rest of its words is for people too.
_HINTS = (
    ("Invalid control character", "write \\n for a line break and \\t for a tab inside a text"),
    ("Unterminated string", "close the quote that opens here; if the file ends here, fetch it again"),
    ("Invalid \\", "write \\\\ for a backslash"),
    ("Extra data", "keep one value per document: NDJSON has one object a line, and an array holds several"),
    ("Expecting ',' delimiter", "put a comma between values, and quote every text"),
    ("Expecting ':' delimiter", "put a colon after the key"),
)


def _syntax(error: json.JSONDecodeError, text: str, first_line: int) -> Fault:
    index, fix = error.pos, "mend the JSON here"
    before = text[:index].rstrip(" \t\n")
    here = text[index : index + 1]
    if not text[index:].strip(" \t\n,"):
        fix = "the document ends too early: close its brackets, or fetch the file again if it is truncated"
    elif "trailing comma" in error.msg or before.endswith(",") and here in ("]", "}"):
        index, fix = (
            (len(before) - 1 if before.endswith(",") else index),
            "remove the comma before the bracket",
        )
    elif here == "'":
        fix = "use double quotes"
    elif here in ("/", "#"):
        fix = "remove the comment: JSON has none"
    else:
        fix = next((hint for words, hint in _HINTS if error.msg.startswith(words)), fix)
    line, column = place(text, index, first_line)
    return Fault("PM014", f"not JSON: {error.msg}", fix, line, column)
