"""Where each key and value of a YAML or JSON text begins and ends: what an edit needs so as to touch nothing else.

Here: the text as a tree of spans. Not here: whether the text may be read at all (ingest/readers have read it before),
what is changed (edit.py). Offsets are of characters; a null is a span too, so that indices of lists count without them
as the readers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.decoder import scanstring
from typing import Any

SPACE = re.compile(r"\s*")
ATOM = re.compile(r"[^\s,\]}]+")


@dataclass
class Span:
    """A value: `start` and `end` in the text, `style` scalar, block (YAML's indented form) or flow (in brackets).

    `entries` of a mapping: key → (where the key begins, its value). `items` of a list, without nulls.
    """

    start: int
    end: int
    style: str
    is_null: bool = False
    entries: dict[str, tuple[int, Span]] = field(default_factory=dict)
    items: list[Span] = field(default_factory=list)


def of_yaml(text: str) -> Span:
    """The tree of a YAML document that the reader accepts; ValueError where an edit has made none of it."""
    import yaml

    events = yaml.parse(text, Loader=yaml.CBaseLoader)
    try:
        next(events), next(events)  # the stream's and the document's start
        return _yaml(events, next(events))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _yaml(events: Iterator, event: Any) -> Span:
    kind = type(event).__name__
    if kind == "ScalarEvent":
        is_null = event.value in ("", "~", "null", "Null", "NULL") and event.implicit[0]
        style = "block" if event.style in ("|", ">") else "scalar"
        return Span(event.start_mark.index, event.end_mark.index, style, is_null)
    span = Span(event.start_mark.index, 0, "flow" if event.flow_style else "block")
    while not type(inner := next(events)).__name__.endswith("EndEvent"):
        if kind == "SequenceStartEvent":
            item = _yaml(events, inner)
            span.items += [] if item.is_null else [item]
        else:
            span.entries[inner.value] = (inner.start_mark.index, _yaml(events, next(events)))
    span.end = inner.end_mark.index
    return span


def of_json(text: str, start: int = 0) -> Span:
    """The tree of the JSON value that begins at `start`."""
    here = SPACE.match(text, start).end()
    if text[here] not in "{[":
        end = scanstring(text, here + 1)[1] if text[here] == '"' else ATOM.match(text, here).end()
        return Span(here, end, "scalar", is_null=text[here:end] == "null")
    span, is_mapping = Span(here, 0, "flow"), text[here] == "{"
    here = SPACE.match(text, here + 1).end()
    while text[here] not in "}]":
        begins = here
        if is_mapping:
            name, here = scanstring(text, here + 1)
            here = SPACE.match(text, here).end() + 1  # the colon
        value = of_json(text, here)
        if is_mapping:
            span.entries[name] = (begins, value)
        elif not value.is_null:
            span.items.append(value)
        here = SPACE.match(text, value.end).end()
        if text[here] == ",":
            here = SPACE.match(text, here + 1).end()
    span.end = here + 1
    return span
