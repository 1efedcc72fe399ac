"""Bytes to text, and where a character stands in it.

Here: what every text file must satisfy whatever its format (UTF-8, no control characters, not empty, not too
large), line endings settled to LF so that a CRLF copy has the same content hash, and the turning of an offset
into a line and column. Not here: anything that knows YAML, JSON or Markdown.

Kept on purpose: noncharacters, bidirectional controls and zero-width characters. They are text, and a rule about
them needs the field they stand in.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right

from pipelines.ingest.faults import Fault

# One document, that is one record or one JSON array. The largest record the load tests know is 6 MB (2026-11-22).
MAX_BYTES = 8 * 1024 * 1024
# Keys, items and their values below one another, and in all. A record of 10,000 events has about 60,000.
MAX_DEPTH = 32
MAX_NODES = 250_000

# The way to a value inside a record: ("actions", 0, "due_on").
Path = tuple[str | int, ...]

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32 (little-endian)"),
    (codecs.BOM_UTF32_BE, "UTF-32 (big-endian)"),
    (codecs.BOM_UTF16_LE, "UTF-16 (little-endian)"),
    (codecs.BOM_UTF16_BE, "UTF-16 (big-endian)"),
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")
_SAVE_AS_UTF8 = "save the file as UTF-8"


def decode(data: bytes, first_line: int = 1) -> str:
    """The text of one document with LF line endings and without a byte order mark, or a Fault.

    `first_line` is the line of the file on which `data` begins: one line of an NDJSON file is one document.
    """
    if len(data) > MAX_BYTES:
        raise Fault(
            "PM005",
            f"the document has {len(data):,} bytes; at most {MAX_BYTES:,} are read",
            "split it, or keep bulky evidence in files of its own and refer to them",
            first_line,
            1,
        )
    refuse_foreign_mark(data, first_line)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        text = data[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, start + error.start, first_line) from None
    if found := CONTROL.search(text):
        raise _control(text, found.start(), first_line)
    if not text or text.isspace():
        raise Fault("PM004", "the file is empty", "write a record into it, or remove the file", first_line, 1)
    return line_feeds(text)


def refuse_foreign_mark(data: bytes, line: int = 1) -> None:
    """Refuse what begins with a byte order mark that says that it is no UTF-8: a file, or a line put into one."""
    for mark, name in _FOREIGN_MARKS:
        if data.startswith(mark):
            raise Fault("PM001", f"the file is {name}: its byte order mark says so", _SAVE_AS_UTF8, line, 1)


def settle(value: str) -> str:
    """Text that came out of escapes (`"\\u0007"`, `"\\r\\n"`), held to the same rules as text written plainly."""
    if found := SURROGATE.search(value):
        raise Fault(
            "PM003",
            f"the escapes spell half a character (U+{ord(found[0]):04X}, a lone surrogate)",
            "write the character itself, or both halves of its escape",
        )
    value = line_feeds(value)
    if found := CONTROL.search(value):
        raise Fault("PM002", f"an escape spells the control character {_name(found[0])}", "remove it")
    return value


def line_feeds(text: str) -> str:
    """The text with LF for CRLF and CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def place(text: str, index: int, first_line: int = 1) -> tuple[int, int]:
    """Line and column, both from 1, of a character; the last character's for an index past the end."""
    index = max(0, min(index, len(text) - 1))
    return first_line + text.count("\n", 0, index), index - text.rfind("\n", 0, index)


class Places:
    """`place` for very many indices of one text: the line starts are searched once."""

    def __init__(self, text: str, first_line: int) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._first_line = first_line
        self._last = max(0, len(text) - 1)

    def __call__(self, index: int) -> tuple[int, int]:
        index = min(index, self._last)
        line = bisect_right(self._starts, index) - 1
        return self._first_line + line, index - self._starts[line] + 1


def printable(text: str) -> str:
    """What is shown: a file name or a value can hold a terminal's control sequence, turn the direction of writing, or
    differ from another by what nobody sees."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def field_name(path: Path) -> str | None:
    """`("actions", 0, "due_on")` as people read it: `actions[0].due_on`; None for the whole record.

    A key of JSON may be spelt as half a character, which no table holds, or be empty: shown, it is `""`.
    """
    name = "".join(f"[{step}]" if isinstance(step, int) else "." + (printable(step) or '""') for step in path)
    return shortened(name.removeprefix(".")) or None


def shortened(value: str) -> str:
    """What a message quotes of the input, which may be one key of megabytes."""
    return value if len(value) <= 200 else f"{value[:180]}… ({len(value):,} characters)"


def _not_utf8(data: bytes, offset: int, first_line: int) -> Fault:
    before = line_feeds(data[:offset].decode("utf-8-sig"))
    line, column = first_line + before.count("\n"), len(before) - before.rfind("\n")
    byte = data[offset]
    if byte == 0xED and data[offset + 1 : offset + 2] >= b"\xa0":
        message, fix = (
            f"a lone surrogate is written out as bytes at offset {offset}",
            "remove it, or write the character",
        )
        return Fault("PM003", message, fix, line, column)
    if offset + 4 > len(data) and byte >= 0xC2 and all(0x80 <= follower < 0xC0 for follower in data[offset + 1 :]):
        return Fault(
            "PM001",
            f"the file ends inside a character (byte 0x{byte:02X} at offset {offset})",
            "fetch the file again: it looks truncated; otherwise save it as UTF-8",
            line,
            column,
        )
    reading = bytes([byte]).decode("cp1252", "replace")
    message = f"byte 0x{byte:02X} at offset {offset} is not UTF-8 ({reading!r} if the file is Latin-1 or Windows-1252)"
    return Fault("PM001", message, _SAVE_AS_UTF8, line, column)


def _control(text: str, index: int, first_line: int) -> Fault:
    before = line_feeds(text[:index])
    line, column = first_line + before.count("\n"), len(before) - before.rfind("\n")
    if text[index] == "\0" and text.count("\0") * 3 > len(text):
        return Fault("PM001", "every other byte is NUL: the file looks like UTF-16", _SAVE_AS_UTF8, line, column)
    return Fault("PM002", f"control character {_name(text[index])}", "remove it", line, column)


def _name(character: str) -> str:
    return "NUL (U+0000)" if character == "\0" else f"U+{ord(character):04X}"
