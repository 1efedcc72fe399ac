"""A text, or a whole record, without addresses, secrets, account and phone numbers.

Here: what is put in their place. Not here: what is looked for (shapes.py), a person's pseudonym (ingest/people.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from pipelines.privacy.shapes import ADDRESSES, Shape, shapes

InPlace = Callable[[str], str]
# Of so many in one record that only look like one, the rest is cut out untested: to look a phone number up takes 20 µs,
# and 8 MB of them took 14 s (2026-11-25).
MOST_TESTED = 10_000


def may_hold_secrets(written: bytes) -> bool:
    """Whether a record, as JSON, holds any mark: few do, and only those are searched text by text."""
    return bool(shapes().may_be_in(written))


def blank(text: str) -> str:
    """A text with all of it cut out, before it is shortened: half an address is still one."""
    return clean(text, None)


def clean(text: str, pseudonym: InPlace | None, tested: Iterator[int] | None = None) -> str:
    """A text with addresses as `pseudonym` writes them (None: cut out too) and everything else cut out.

    Until nothing more is found: what is cut out can bring two halves of an address together. `tested` counts what was
    put to a test in other texts of the same record.
    """
    tested = tested or count(1)
    while (cleaned := _once(text, pseudonym, tested)) != text:
        text = cleaned
    return text


def protect(value: Any, pseudonym: InPlace | None) -> Any:
    """A record with every text of it clean, as `clean` does it."""
    return _protected(value, pseudonym, count(1))


def _protected(value: Any, pseudonym: InPlace | None, tested: Iterator[int]) -> Any:
    if isinstance(value, dict):
        return {name: _protected(child, pseudonym, tested) for name, child in value.items()}
    if isinstance(value, list):
        return [_protected(item, pseudonym, tested) for item in value]
    return clean(value, pseudonym, tested) if isinstance(value, str) else value


def _once(text: str, pseudonym: InPlace | None, tested: Iterator[int]) -> str:
    # half a character (a lone surrogate) may stand in a key that is being refused
    for shape in shapes().may_be_in(text.encode("utf-8", "surrogatepass")):
        text = shape.pattern.sub(_replacing(shape, pseudonym, tested), text)
    return text


def _replacing(shape: Shape, pseudonym: InPlace | None, tested: Iterator[int]) -> Callable[[re.Match[str]], str]:
    part = "cut" if "cut" in shape.pattern.groupindex else 0

    def replaced(found: re.Match[str]) -> str:
        if shape.test and next(tested) <= MOST_TESTED and not shape.test(found):
            return found[0]
        start, end = (place - found.start() for place in found.span(part))
        stands_in = pseudonym(found[part]) if pseudonym and shape.group == ADDRESSES else shape.removed
        return found[0][:start] + stands_in + found[0][end:]

    return replaced
