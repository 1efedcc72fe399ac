"""A stream as lines, however long the file: one line of NDJSON is one document, and no line may fill the memory.

Here: cutting at LF, CRLF and CR, and the number of each line. Not here: what a line holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipelines.ingest.readers.text import MAX_BYTES

_ENDING = re.compile(rb"\r\n?|\n")
_SKIPPED_AT_ONCE = 1 << 20


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(number, line without its ending), blank ones left out. Of a line over the limit only the start is given, which
    `decode` refuses by its length; the line after it is read as usual."""
    number, rest = 1, b""
    while piece := rest + stream.readline(MAX_BYTES + 2):
        rest = b""
        parts = _ENDING.split(piece) if b"\r" in piece else [piece[:-1], b""] if piece.endswith(b"\n") else [piece]
        is_cut = len(piece) > MAX_BYTES and bool(parts[-1])
        if is_cut and len(parts) > 1:
            rest = parts.pop()  # a file of old line endings: its last line goes on in the next piece
        for part in parts:
            if part and not part.isspace():
                yield number, part
            number += 1
        number -= not parts[-1]
        if is_cut and not rest:
            while (skipped := stream.readline(_SKIPPED_AT_ONCE)) and not skipped.endswith(b"\n"):
                pass
