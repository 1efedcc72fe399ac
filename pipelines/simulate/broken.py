"""Files that do not fit the contract, each in one known way: what a real folder holds beside its good records.

Here: the spoilt texts and the code the reader gives for each. Not here: good records. The same for every organisation,
planted or not, because a truth file must be able to name them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from pipelines.simulate.facts import WRITTEN_FOR
from pipelines.simulate.plain_yaml import as_yaml


class Spoilt(NamedTuple):
    """One way to spoil a record: a change of the record, or of its text, and the code it is refused with."""

    name: str
    yaml_code: str
    json_code: str
    record: Callable[[dict], dict] = lambda record: record
    text: Callable[[bytes], bytes] = lambda text: text


WAYS = (
    Spoilt("misspelt-key", "PM020", "PM020", record=lambda r: r | {"detection_sorce": "monitor"}),
    Spoilt("unknown-word", "PM022", "PM022", record=lambda r: r | {"severity": "high"}),
    Spoilt("missing-field", "PM021", "PM021", record=lambda r: {key: r[key] for key in r if key != "category"}),
    Spoilt(
        "impossible-time",
        "PM024",
        "PM024",
        record=lambda r: r | {"chronology": r["chronology"] | {"detected_at": "2026-02-30T10:00Z"}},
    ),
    Spoilt("two-titles", "PM009", "PM009", text=lambda t: _twice(t)),
    Spoilt("not-utf8", "PM001", "PM001", text=lambda t: t.replace(b"half", b"\xe9half")),
    Spoilt("truncated", "PM006", "PM014", text=lambda t: t[: t.index(b"half") + 2]),
)


def _record(n: int) -> dict:
    return {
        "schema_version": WRITTEN_FOR,
        "id": f"INC-2026-9000{n}",
        "stage": "draft",
        "provenance": "synthetic",
        "title": "Promises for parcels were half a day late",
        "category": "data_quality_anomaly",
        "severity": "sev3",
        "scope": {"summary": "Requests of promise-api"},
        "chronology": {"impact_started_at": "2026-11-03T08:10Z", "detected_at": "2026-11-03T09:00Z"},
    }


def _twice(text: bytes) -> bytes:
    comma = b"," if text.startswith(b"{") else b"\n"
    return text.replace(b'"title":', b'"title": "Late"' + comma + b'"title":')


def files() -> list[tuple[str, bytes, str]]:
    """(name, content, code) of each spoilt YAML file."""
    found = []
    for n, way in enumerate(WAYS, 1):
        text = as_yaml(way.record(_record(n)), quoted=True)
        found.append((f"{way.name}.yml", way.text(text), way.yaml_code))
    return found


def lines() -> list[tuple[bytes, str]]:
    """(line, code) of each spoilt NDJSON line."""
    return [(way.text(msgspec.json.encode(way.record(_record(n)))), way.json_code) for n, way in enumerate(WAYS, 1)]
