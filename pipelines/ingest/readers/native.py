"""Files that already are records → one `Document` a record, or one `Fault` for what cannot be read.

Here: which format a file name promises, and how records lie in a file. Not here: the formats themselves
(yaml_events.py, json_strict.py), what a record must hold (validate.py), or files that must be mapped first.

- `.yml`, `.yaml`: one record, all scalars as text.
- `.md`, `.markdown`: the front matter between two `---` lines is the record. The prose below it is the record's
  `communication.technical_findings`, where the contract keeps Markdown for engineers; a record that has that field
  as well is refused, since one of the two texts would be lost.
- `.json`: one record, or an array of records that stands or falls as one document. `[]` says "no records".
- `.ndjson`, `.jsonl`: one record a line, read as the lines come. A bad line is one Fault; the others still count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import json_strict, yaml_events
from pipelines.ingest.readers.lines import lines
from pipelines.ingest.readers.text import MAX_BYTES, Path, Places, decode, place, refuse_foreign_mark

SUFFIXES = (".yml", ".yaml", ".md", ".markdown", ".json", ".ndjson", ".jsonl")

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"(?:\s*\n)?")
_PROSE: Path = ("communication", "technical_findings")
Positions = dict[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Document:
    """One record as it was read: dicts, lists and scalars, with the place where it begins in its file.

    A key that was given no value has None. `positions` gives line and column of every key and list item. It reads the
    text once more, so it is for records that failed.
    """

    record: dict[str, Any]
    line: int
    column: int = 1
    positions: Callable[[], Positions] = field(default=dict, compare=False, repr=False)


def read(path: str, stream: BinaryIO) -> Iterator[Document | Fault]:
    """The records of one file in the order of the file; what cannot be read is yielded as a Fault, never raised."""
    try:
        match PurePath(path).suffix.lower():
            case ".yml" | ".yaml":
                yield _read_yaml(decode(whole(stream)))
            case ".md" | ".markdown":
                yield _read_markdown(decode(whole(stream)))
            case ".json":
                yield from _read_json(decode(whole(stream)))
            case ".ndjson" | ".jsonl":
                yield from _read_lines(stream)
            case suffix:
                message = f"no reader for files named *{suffix}" if suffix else "a file name without a suffix"
                raise Fault("PM019", message, f"name the file {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
    except Fault as fault:
        yield fault


def whole(stream: BinaryIO) -> bytes:
    """All of a file that is one document; of one that is too large, enough for `decode` to refuse it."""
    return stream.read(MAX_BYTES + 1)


def _read_yaml(text: str) -> Document:
    record = _record(yaml_events.written(text), 1, 1)
    return Document(record, 1, positions=partial(yaml_events.positions, text))


def _read_markdown(text: str) -> Document:
    front, body, body_line = _front_matter(text)
    record = _record(yaml_events.written(front, 2), 2, 1)
    if body:
        if (section := record.get(_PROSE[0])) is None:
            section = record[_PROSE[0]] = {}
        if not isinstance(section, dict) or section.get(_PROSE[1]) is not None:
            raise Fault(
                "PM017",
                f"the prose below the front matter is {'.'.join(_PROSE)}, and the front matter has "
                + ("that field too" if isinstance(section, dict) else "something else there"),
                "keep one of the two: move the prose into the front matter, or take the field out of it",
                body_line,
                1,
                ".".join(_PROSE),
            )
        section[_PROSE[1]] = body
    return Document(record, 2, positions=partial(_locate_markdown, text))


def _locate_markdown(text: str) -> Positions:
    front, body, body_line = _front_matter(text)
    found = yaml_events.positions(front, 2)
    if body:
        found.setdefault(_PROSE[:1], (body_line, 1))
        found[_PROSE] = (body_line, 1)
    return found


def _front_matter(text: str) -> tuple[str, str, int]:
    """The YAML between the fences, the prose below without blank lines around it, and the line it begins on."""
    opening = _FENCE.match(text)
    if not opening:
        fix = "begin the file with a line --- and the record in YAML, closed by another line ---"
        raise Fault("PM016", "the file does not begin with front matter", fix, 1, 1)
    closing = _FENCE.search(text, opening.end() + 1)
    if not closing:
        fix = "write a line --- below the last key of the record"
        raise Fault("PM016", "the front matter is not closed", fix, 1, 1)
    # Blank lines go, the indentation of the first line stays: it may be a code block.
    begins = _BLANK_LINES.match(text, closing.end()).end()
    return text[opening.end() + 1 : closing.start()], text[begins:].rstrip(), place(text, begins)[0]


def _read_json(text: str) -> Iterator[Document | Fault]:
    value = json_strict.written(text)
    if not isinstance(value, list):
        yield Document(_record(value, 1, 1), 1, positions=partial(json_strict.positions, text))
        return
    at = Places(text, 1)
    for offset, item in zip(json_strict.items(text), value, strict=True):
        line, column = at(offset)
        try:
            record = _record(item, line, column)
            yield Document(record, line, column, partial(json_strict.item_positions, text, at, offset))
        except Fault as fault:
            yield fault


def _read_lines(stream: BinaryIO) -> Iterator[Document | Fault]:
    is_empty = True
    for number, line in lines(stream):
        if is_empty:
            refuse_foreign_mark(line)
        is_empty = False
        try:
            text = decode(line, number)
            record = _record(json_strict.written(text, number), number, 1)
            yield Document(record, number, positions=partial(json_strict.positions, text, number))
        except Fault as fault:
            yield fault
    if is_empty:
        decode(b"")


def _record(value: Any, line: int, column: int) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    what = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")
    raise Fault(
        "PM018",
        f"a record is a mapping of keys to values; here is {what}",
        "write keys and values",
        line,
        column,
    )
