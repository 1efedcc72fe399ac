"""Written times: whether they are real, and whether they say enough to be placed.

Here: the two formats of the contract (`instant`, `day`) and the check of clock times without an offset.
Not here: the typed columns (raw_macros.sql) and the order of a chronology (schemas/rules.yml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pipelines.ingest.faults import Fault
from pipelines.ingest.shape_faults import Path, Positions, fault, with_pack
from pipelines.ingest.zones import moments

STATES = frozenset(("unknown", "not_applicable", "withheld"))
INSTANT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?)?)?"
)

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def is_instant(text: str) -> bool:
    """A real year, month, day or clock time of 1900–2199, or a state word. :60 and 24:00 are no clock times here, and
    an offset is one that some place has had: -12:00 to +14:00."""
    if text in STATES or _is_utc_minute(text):
        return True
    match = INSTANT.fullmatch(text)
    if not match or not "1900" <= match[1] <= "2199":
        return False
    year, month, day, hour, minute, second = (
        int(part or fallback) for part, fallback in zip(match.groups(), (0, 1, 1, 0, 0, 0), strict=False)
    )
    return _is_offset(match[7] or "Z") and _exists(year, month, day, hour, minute, second)


def _is_offset(text: str) -> bool:
    if text == "Z":
        return True
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return int(text[-2:]) <= 59 and minutes <= (14 if text[0] == "+" else 12) * 60


def _is_utc_minute(text: str) -> bool:
    """The form nine in ten have, 2026-05-04T06:00Z or with seconds, told in a fifth of the time the pattern takes."""
    if not (len(text) in (17, 20) and text[4] == text[7] == "-" and text[10] == "T" and text[-1] == "Z"):
        return False
    if text[11:13] == "24":  # from Python 3.14 on fromisoformat takes it for the next day
        return False
    try:
        return 1900 <= datetime.fromisoformat(text).year <= 2199
    except ValueError:
        return False


def _exists(*parts: int) -> bool:
    try:
        datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return False
    return True


def is_day(text: str) -> bool:
    """A real YYYY-MM-DD of 1900–2199, or a state word."""
    if text in STATES:
        return True
    if not DAY.fullmatch(text):
        return False
    try:
        return 1900 <= date.fromisoformat(text).year <= 2199
    except ValueError:
        return False


def unplaced(record: Any, schema: dict, zone: str | None, positions: Any) -> list[Fault]:
    """Clock times without an offset that this source cannot place, each at its place: no zone declared, or skipped, or
    said twice."""
    naive = [(path, text) for path, text in _instants(record, with_pack(schema, record), ()) if is_naive(text)]
    wrong = [(path, text, found) for path, text in naive if (found := problem(text, zone))]
    if not wrong:
        return []
    where: Positions = positions()
    return [fault(code, f"`{text}` {message}", fix, path, where) for path, text, (code, message, fix) in wrong]


def is_naive(text: str) -> bool:
    """Whether a clock time names no offset, so that the source's zone decides the moment."""
    if len(text) < 16 or text[-1] == "Z":  # nine of ten: a day, or UTC
        return False
    match = INSTANT.fullmatch(text)
    return bool(match and match[4] and not match[7])


def _instants(value: Any, node: dict, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        known = node.get("properties", {})
        for key, child in value.items():
            if key in known:
                yield from _instants(child, known[key], (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _instants(item, node.get("items", {}), (*path, n))
    elif node.get("format") == "instant" and isinstance(value, str):
        yield path, value


@lru_cache(maxsize=4096)
def problem(text: str, zone: str | None) -> tuple[str, str, str] | None:
    """Why a clock time without an offset has no moment in the zone: code, message, fix; None where it has one."""
    if zone is None:
        return ("PM040", "has a clock time but no offset", "add Z or +02:00, or declare the source's `time_zone`")
    means = moments(datetime.fromisoformat(text), zone)
    if len(means) == 1:
        return None
    if not means:
        return ("PM041", f"does not exist in {zone}: the clocks skipped it", "write it with its offset")
    return ("PM042", f"happened twice in {zone}: the clocks went back", "write it with its offset")
