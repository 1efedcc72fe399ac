"""A CSV file → its header and its rows as lists of texts, with the line each begins on.

Here: cells and lines; the standard library's reader, which knows quotes and line breaks inside them. Not here: which
rows make a record (mapping/rows.py), what a cell means (a mapping's SQL). Nothing is guessed: delimiter, encoding and
the words for "no value" are declared.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.text import CONTROL, MAX_BYTES, SURROGATE

# 2026-11-25: twenty rows of 5,000 columns take more than the 1 GB DuckDB is given, of 1,900 they take 500 MB
MOST_COLUMNS = 2_000
csv.field_size_limit(MAX_BYTES)


class CsvFile:
    """One file being read: `header` first, then `rows`, each a list of texts or a Fault with what could be read."""

    def __init__(self, stream: BinaryIO, delimiter: str, nulls: tuple[str, ...]) -> None:
        # bytes that are no UTF-8 become lone surrogates, so that they cost their row and not the file
        self._text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        self._lines = _Lines(self._text)
        self._delimiter = delimiter
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        self._nulls = frozenset(nulls)

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.detach()  # the stream is its owner's to close

    @cached_property
    def header(self) -> list[str]:
        """The names of the columns; Fault where the first line does not name each once."""
        return self._read_header()

    def _read_header(self) -> list[str]:
        try:
            header = [name.strip() for name in next(self._reader, [])]
        except csv.Error as error:
            raise Fault("PM061", f"the first line names no columns: {error}", "mend its quotes", 1, 1) from error
        if found := SURROGATE.search("".join(header)):
            raise self._not_utf8(found[0], 1)
        lower = [name.lower() for name in header]
        fix = "name each column in the first line, each once, whatever the case; declare `delimiter` and `encoding`"
        if len(header) > MOST_COLUMNS:
            raise Fault("PM061", f"the first line names over {MOST_COLUMNS:,} columns", fix, 1, 1)
        written = "".join(header)
        if not header or "" in header or len(set(lower)) < len(lower) or CONTROL.search(written):
            raise Fault("PM061", "the first line does not name every column once", fix, 1, 1)
        return header

    def rows(self) -> Iterator[tuple[int, list[str | None], Fault | None]]:
        """(line, cells, what is wrong with the row). Of a row that is wrong there may be fewer cells, or none."""
        self.header  # noqa: B018 - read first
        while True:
            line = self._lines.count + 1
            self._lines.begin()
            try:
                written = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                fix = "mend the quotes: a quote inside a cell is written twice, and every quote that opens closes"
                yield (
                    line,
                    [],
                    Fault("PM062", f"not CSV from here to line {self._lines.count}: {error}", fix, line, 1),
                )
                continue
            if written:
                cells = [None if (cell := text.strip()) in self._nulls else cell for text in written]
                yield line, cells, self._wrong(line, written)

    def may_be(self, column: int) -> set[str]:
        """What may stand in a column of the row that was just refused, or of rows that its open quote has swallowed;
        rather one too many than the half of a record."""
        found = set()
        for line in self._lines.row:
            plain = line.rstrip("\r\n")
            try:
                parted = next(csv.reader([plain], delimiter=self._delimiter), [])
            except csv.Error:
                parted = []
            for cells in (parted, [cell.strip('"') for cell in plain.split(self._delimiter)]):
                for at in (column, column - len(self.header)):  # an odd cell may stand before it or behind it
                    if -len(cells) <= at < len(cells):
                        found.add(cells[at].strip())
        return found - self._nulls

    def _wrong(self, line: int, written: list[str]) -> Fault | None:
        if len(written) != len(self.header):
            message = f"{len(written)} cells under {len(self.header)} columns"
            return Fault("PM062", message, "quote a cell that holds the delimiter or a line break", line, 1)
        text = "".join(written)
        if found := SURROGATE.search(text):
            return self._not_utf8(found[0], line)
        if found := CONTROL.search(text):
            return Fault("PM002", f"control character U+{ord(found[0]):04X}", "remove it", line, 1)
        return None

    @staticmethod
    def _not_utf8(surrogate: str, line: int) -> Fault:
        byte = ord(surrogate) & 0xFF
        return Fault("PM001", f"byte 0x{byte:02X} is not UTF-8", "declare the source's `encoding`", line, 1)


class _Lines:
    """The lines of a text for the `csv` module, and those of the row it is in. A row has at most MAX_BYTES characters;
    the rest of a line that goes beyond is passed over, so that no line fills the memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self.count, self.row, self._size = text, 0, [], 0

    def begin(self) -> None:
        """A new row begins with the next line."""
        self.row, self._size = [], 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_BYTES + 1)
        if not line:
            raise StopIteration
        self.count += 1
        self._size += len(line)
        if self._size > MAX_BYTES:
            while not line.endswith(("\n", "\r")) and (more := self._text.readline(MAX_BYTES)):
                line = more
            raise csv.Error(f"a row of more than {MAX_BYTES:,} characters")
        self.row.append(line)
        return line
