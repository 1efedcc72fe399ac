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


def items(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(line on which it begins, bytes) of each item of an array, or of the whole file where that is no array."""
    head = stream.read(PIECE)
    refuse_foreign_mark(head)
    start = _SPACE.match(head, len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0).end()
    if head[start : start + 1] != b"[":
        yield 1, head + stream.read(MAX_BYTES + 1 - len(head))
        return
    yield from _Array(stream, head, start + 1).items()


class _Array:
    """What is read of an array and not yet given away: at most one item and a piece, from `at` on."""

    def __init__(self, stream: BinaryIO, head: bytes, start: int) -> None:
        self.stream, self.line, self.held, self.at = stream, 1, head, 0
        self._drop(start)

    def items(self) -> Iterator[tuple[int, bytes]]:
        is_first = True
        while True:
            self._drop(_SPACE.match(self.held, self.at).end() - self.at)
            if self.at == len(self.held):
                if not self._more():
                    raise self._unclosed()
                continue
            end = self._end_of_item()
            item, sign = self.held[self.at : self.at + end], self.held[self.at + end : self.at + end + 1]
            is_last = sign == b"]"
            if item or not (is_first and is_last):  # `[]` holds nothing; nothing between two commas is a fault
                yield self.line, item
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
                here = len(self.held) - self.at
                if not self._more():
                    raise self._unclosed()
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
            if not self._more():
                raise self._unclosed()

    def _more(self) -> bool:
        if len(self.held) - self.at > MAX_BYTES:
            fix = "keep bulky evidence in files of its own, or write NDJSON, where such a line costs the others nothing"
            raise Fault("PM005", f"an item has over {MAX_BYTES:,} bytes; the file is read up to it", fix, self.line, 1)
        piece = self.stream.read(PIECE)
        self.held, self.at = self.held[self.at :] + piece, 0
        return bool(piece)

    def _drop(self, count: int) -> None:
        # moved on, not cut off: an item of some bytes would otherwise cost a copy of its piece
        self.line += self.held.count(b"\n", self.at, self.at + count)
        self.at += count

    def _unclosed(self) -> Fault:
        fix = "close its brackets and quotes, or fetch the file again if it is truncated"
        return Fault("PM014", "the document ends inside its array", fix, self.line, 1)

    def _refuse_what_follows(self) -> None:
        if (self.held[self.at :] + self.stream.read(PIECE)).strip():
            raise Fault("PM014", "something follows the end of the array", "keep one array a file", self.line, 1)
