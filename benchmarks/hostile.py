"""Lines that cannot be taken, by family: each from a good line, each refused for one reason. Here: making them. Not
here: how they are mixed in and counted (accounting.py)."""

from __future__ import annotations

import json
from collections.abc import Callable


def _changed(**fields: object) -> Callable[[bytes], bytes]:
    return lambda line: json.dumps(json.loads(line) | fields).encode()


def _without(name: str) -> Callable[[bytes], bytes]:
    def made(line: bytes) -> bytes:
        record = json.loads(line)
        del record[name]
        return json.dumps(record).encode()

    return made


FAMILIES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda line: line[: len(line) // 2],
    "a trailing comma": lambda line: line[:-1] + b",}",
    "a key twice": lambda line: b'{"title":"twice",' + line[1:],
    "a byte that is no UTF-8": lambda line: line.replace(b'"title":"', b'"title":"\xe9', 1),
    "NaN": lambda line: line[:-1] + b',"revision":NaN}',
    "too deep": lambda line: line[:-1] + b',"x":' + b"[" * 40 + b"]" * 40 + b"}",
    "no object": lambda line: b"[1, 2]",
    "nothing but an id": lambda line: json.dumps({"id": json.loads(line)["id"]}).encode(),
    "no title": _without("title"),
    "no id": _without("id"),
    "an unknown word": _changed(severity="catastrophic"),
    "an unknown field": _changed(sevrity="sev1"),
    "a wrong type": _changed(timeline="at noon"),
    "a day that does not exist": _changed(recorded_at="2026-02-30T10:00Z"),
    "a version that does not exist": _changed(schema_version="9.9"),
    "a NUL": lambda line: line.replace(b'"title":"', b'"title":"\x00', 1),
}
