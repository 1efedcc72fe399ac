"""A text, or a whole record, without addresses, secrets, account and phone numbers.

Here: what is put in their place. Not here: what is looked for (shapes.py), a person's pseudonym (ingest/people.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pipelines.privacy.shapes import ADDRESSES, Shape, shapes

InPlace = Callable[[str], str]


def may_hold_secrets(written: bytes) -> bool:
    """Whether a record, as JSON, holds any mark: few do, and only those are searched text by text."""
    return bool(shapes().may_be_in(written))


def blank(text: str) -> str:
    """A text with all of it cut out, before it is shortened: half an address is still one."""
    return clean(text, None)


def clean(text: str, pseudonym: InPlace | None) -> str:
    """A text with addresses as `pseudonym` writes them (None: cut out too) and everything else cut out.

    Until nothing more is found: what is cut out can bring two halves of an address together.
    """
    while (cleaned := _once(text, pseudonym)) != text:
        text = cleaned
    return text


def protect(value: Any, pseudonym: InPlace | None) -> Any:
    """A record with every text of it clean, as `clean` does it."""
    if isinstance(value, dict):
        return {name: protect(child, pseudonym) for name, child in value.items()}
    if isinstance(value, list):
        return [protect(item, pseudonym) for item in value]
    return clean(value, pseudonym) if isinstance(value, str) else value


def _once(text: str, pseudonym: InPlace | None) -> str:
    # half a character (a lone surrogate) may stand in a key that is being refused
    for shape in shapes().may_be_in(text.encode("utf-8", "surrogatepass")):
        text = shape.pattern.sub(_replacing(shape, pseudonym), text)
    return text


def _replacing(shape: Shape, pseudonym: InPlace | None) -> Callable[[re.Match[str]], str]:
    part = "cut" if "cut" in shape.pattern.groupindex else 0

    def replaced(found: re.Match[str]) -> str:
        if shape.test and not shape.test(found):
            return found[0]
        start, end = (place - found.start() for place in found.span(part))
        stands_in = pseudonym(found[part]) if pseudonym and shape.group == ADDRESSES else shape.removed
        return found[0][:start] + stands_in + found[0][end:]

    return replaced
