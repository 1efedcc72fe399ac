"""A JSON file as the documents in it: the items of an array, one after the other, or the one value there is.

Here: where an item begins and ends, in a stream of any length. Not here: whether it is JSON (json_strict.py), which
says it of each item alone: one that is broken inside costs the others nothing, as long as its brackets close.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.text import MAX_BYTES, refuse_foreign_mark

PIECE = 1 << 18
_SIGN = re.compile(rb'[\[{}\],"]')
_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)  # possessive: a text of megabytes leaves no way back to keep
_SPACE = re.compile(rb"[ \t\r\n]*")


def items(stream: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """(line and column on which it begins, bytes) of each item of an array, or of the whole file where that is none.

    Of an item over the limit only the start is given, which `decode` refuses by its length; the next is read as usual.
    """
    head = stream.read(PIECE)
    refuse_foreign_mark(head)
    begin = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    bracket = _SPACE.match(head, begin).end()
    if head[bracket : bracket + 1] != b"[":
        yield 1, 1, head + stream.read(MAX_BYTES + 1 - len(head))
        return
    yield from _Array(stream, head, begin, bracket + 1).items()


class _Array:
    """What is read of an array and not yet given away: at most one item and a piece, from `at` on; `start` is the
    beginning of an item that is too large to be kept."""

    def __init__(self, stream: BinaryIO, head: bytes, begin: int, first: int) -> None:
        self.stream, self.held, self.at, self.start = stream, head, begin, b""
        self.line, self.column, self._ends_in_cr = 1, 1, False
        self._drop(first - begin)

    def items(self) -> Iterator[tuple[int, int, bytes]]:
        is_first = True
        while True:
            self._drop(_SPACE.match(self.held, self.at).end() - self.at)
            if self.at == len(self.held):
                if self._more(0) is None:
                    raise self._unclosed()
                continue
            line, column, self.start = self.line, self.column, b""
            end = self._end_of_item()
            item, sign = self.held[self.at : self.at + end], self.held[self.at + end : self.at + end + 1]
            is_last = sign == b"]"
            if item or not (is_first and is_last):  # `[]` holds nothing; nothing between two commas is a fault
                yield line, column, self.start or item
            is_first = False
            self._drop(end + 1)
            if is_last:
                return self._refuse_what_follows()

    def _end_of_item(self) -> int:
        """How far it is to the comma or bracket behind the item."""
        depth, here = 0, 0
        while True:
            sign = _SIGN.search(self.held, self.at + here)
            if not sign:
                here = self._further(len(self.held) - self.at)
                continue
            here = sign.end() - self.at
            match sign[0]:
                case b'"':
                    here = self._end_of_text(here)
                case b"[" | b"{":
                    depth += 1
                case b"]" | b"}" if depth:
                    depth -= 1
                case b"]" | b"," if not depth:
                    return here - 1

    def _end_of_text(self, here: int) -> int:
        while True:
            here = _TEXT.match(self.held, self.at + here).end() - self.at
            if self.held[self.at + here : self.at + here + 1] == b'"':
                return here + 1
            here = self._further(here)

    def _further(self, here: int) -> int:
        moved = self._more(here)
        if moved is None:
            raise self._unclosed()
        return moved

    def _more(self, here: int) -> int | None:
        """Read on: where `here` is then, or None at the end of the file."""
        if len(self.held) - self.at > MAX_BYTES:
            self.start = self.start or self.held[self.at : self.at + MAX_BYTES + 1]
            self._drop(here)
            here = 0
        piece = self.stream.read(PIECE)
        self.held, self.at = self.held[self.at :] + piece, 0
        return here if piece else None

    def _drop(self, count: int) -> None:
        # moved on, not cut off: an item of some bytes would otherwise cost a copy of its piece
        if not count:
            return
        passed = self.held[self.at : self.at + count]
        self.at += count
        if b"\n" in passed or b"\r" in passed:
            self.line -= self._ends_in_cr and passed[:1] == b"\n"  # one line ending, come in two parts
            self.line += passed.count(b"\n") + passed.count(b"\r") - passed.count(b"\r\n")
            self.column, self._ends_in_cr = 1, passed[-1:] == b"\r"
            passed = passed[max(passed.rfind(b"\n"), passed.rfind(b"\r")) + 1 :]
        elif self._ends_in_cr:
            self._ends_in_cr = False
        self.column += len(passed) if passed.isascii() else len(passed.decode("utf-8", "replace"))

    def _unclosed(self) -> Fault:
        fix = "close its brackets and quotes, or fetch the file again if it is truncated"
        return Fault("PM014", "the document ends inside its array", fix, self.line, 1)

    def _refuse_what_follows(self) -> None:
        if (self.held[self.at :] + self.stream.read(PIECE)).strip():
            raise Fault("PM014", "something follows the end of the array", "keep one array a file", self.line, 1)
