"""Hostile lines, by family: each made of a good line, with the outcome it must have and the code it is refused with.

Here: making them. Not here: how they are mixed in (delivery.py) and counted (accounting.py). A line of a LARGE family
is megabytes long, so a delivery holds only a few. Copies and conflicts are no faults: what is said twice counts as a
duplicate, and two contents of one revision are both kept, marked as in conflict.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from pipelines.ingest.readers.text import MAX_BYTES, MAX_DEPTH, MAX_NODES

TITLE = b'"title":"'


class Family(NamedTuple):
    """`make` gives the lines in the place of one: two for a conflict, one for all others."""

    outcome: str
    code: str | None
    make: Callable[[bytes], list[bytes]]


def refused(code: str, make: Callable[[bytes], bytes]) -> Family:
    return Family("quarantined", code, lambda line: [make(line)])


def written(record: dict) -> bytes:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()


def changed(**fields: object) -> Callable[[bytes], bytes]:
    return lambda line: written(json.loads(line) | fields)


def without(name: str) -> Callable[[bytes], bytes]:
    return lambda line: written({key: value for key, value in json.loads(line).items() if key != name})


def with_more(text: bytes) -> Callable[[bytes], bytes]:
    return lambda line: line[:-1] + text + b"}"


def in_title(text: bytes) -> Callable[[bytes], bytes]:
    return lambda line: line.replace(TITLE, TITLE + text, 1)


def detected(moment: str) -> Callable[[bytes], bytes]:
    def make(line: bytes) -> bytes:
        record = json.loads(line)
        return written(record | {"chronology": record["chronology"] | {"detected_at": moment}})

    return make


def in_conflict(line: bytes) -> list[bytes]:
    """Two contents under one revision, of a record that nothing else in the delivery speaks of."""
    record = json.loads(line)
    record["id"] += f"-C{record['revision']}"
    return [written(record | {"title": record["title"] + end}) for end in (", said one", ", said the other")]


FAMILIES = {
    "cut off": refused("PM014", lambda line: line[: len(line) // 2]),
    "a trailing comma": refused("PM014", with_more(b",")),
    "single quotes": refused("PM014", lambda line: line.replace(b'"', b"'")),
    "NaN": refused("PM015", with_more(b',"x":NaN')),
    "a number beyond 64 bits": refused("PM015", with_more(b',"x":' + b"9" * 40)),
    "a key twice": refused("PM009", lambda line: b'{"title":"twice",' + line[1:]),
    "a byte that is no UTF-8": refused("PM001", in_title(b"\xe9")),
    "half a character, as bytes": refused("PM003", in_title(b"\xed\xa0\x80")),
    "half a character, as an escape": refused("PM003", in_title(b"\\ud800")),
    "NUL": refused("PM002", in_title(b"\x00")),
    "NUL, as an escape": refused("PM002", in_title(b"\\u0000")),
    "too deep": refused("PM007", with_more(b',"x":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)),
    "no object": refused("PM018", lambda line: b"[1, 2]"),
    "no title": refused("PM021", without("title")),
    "no id": refused("PM021", without("id")),
    "an unknown field": refused("PM020", changed(sevrity="sev1")),
    "an unknown word": refused("PM022", changed(severity="catastrophic")),
    "a wrong type": refused("PM023", changed(timeline="at noon")),
    "a day that does not exist": refused("PM024", changed(recorded_at="2026-02-30T10:00Z")),
    "a clock time that was skipped": refused("PM041", detected("2026-03-29T02:30")),
    "a clock time that happened twice": refused("PM042", detected("2025-10-26T02:30")),
    "a copy": Family("duplicate", None, lambda line: [line]),
    "a copy, its keys turned round": Family(
        "duplicate", None, lambda line: [written(dict(reversed(json.loads(line).items())))]
    ),
    "two contents of one revision": Family("conflicted", None, in_conflict),
}
LARGE = {
    "over the largest line": refused("PM005", lambda line: line[:-1] + b',"x":"' + b"x" * (MAX_BYTES + 1) + b'"}'),
    "too many values": refused("PM008", with_more(b',"x":[' + b"1," * MAX_NODES + b"1]")),
}
