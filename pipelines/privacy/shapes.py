"""schemas/secrets.yml as one search: which shapes of secrets and addresses a text may hold, told by their marks.

Here: the shapes, and the automaton over all their marks. Not here: what is done with what is found (cleaning.py).

One pass over the bytes, whatever the number of marks: 80 marks looked for one by one cost 175 µs for a record of
3.5 KB, the automaton 8 (2026-11-25). The same pass over a whole record, as JSON, and over one of its texts: a mark, and
what must follow it, holds nothing that JSON writes otherwise, so that what a text shows its record shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

from pipelines.ingest.readers import yaml_events
from pipelines.privacy import likeness
from pipelines.settings import SCHEMAS

FILE = SCHEMAS / "secrets.yml"
GROUPS = ("secrets", "accounts", "phones", "addresses")
ADDRESSES = "addresses"
PIECE, LONGEST_MARK = 1 << 16, 32
# Marks of one shape after which nothing follows, before the shape is searched for all the same: 8 MB of "aws " took
# 2.6 s, and no record of the examples holds ten (2026-11-25).
MOST_MISSES = 20_000
# Letters as small ones, digits as 0: what marks are written in.
PLAIN = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", b"abcdefghijklmnopqrstuvwxyz000000000")


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of thing to be cut out, and the word that stands in its place."""

    name: str
    group: str
    title: str
    removed: str
    marks: tuple[str, ...]
    after: re.Pattern[bytes] | None
    pattern: re.Pattern[str]
    test: Callable[[re.Match[str]], bool] | None

    @property
    def is_plain(self) -> bool:
        """Whether the pattern alone decides, and decides the same in RE2."""
        return self.test is None and not self.pattern.flags & re.IGNORECASE


class Shapes:
    """Every shape, in the order in which they are looked for."""

    def __init__(self, written: dict) -> None:
        self.every = [shape for group in GROUPS for shape in _shapes(group, written[group])]
        marks = [(mark.encode().translate(PLAIN), n) for n, one in enumerate(self.every) for mark in one.marks]
        # a mark of one byte may stand at every place of a text: it is looked for by itself
        self._bytes = [(mark, n) for mark, n in marks if len(mark) == 1]
        self._of_mark = [(mark, n) for mark, n in marks if len(mark) > 1]
        self._automaton = BytesAhoCorasick([mark for mark, _ in self._of_mark], implementation=Implementation.DFA)

    def may_be_in(self, written: bytes) -> list[Shape]:
        """The shapes of which a mark stands in these UTF-8 bytes, and after it what must, or too many marks; most often
        none."""
        plain = written.translate(PLAIN)
        found = {n for mark, n in self._bytes if mark in plain}
        misses = [0] * len(self.every)
        for first in range(0, len(plain), PIECE):
            # whole, a text of 8 MB that is nothing but marks would be a list of a gigabyte
            piece = plain if len(plain) <= PIECE else plain[first : first + PIECE + LONGEST_MARK]
            for mark, _, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
                n = self._of_mark[mark][1]
                if n in found:
                    continue
                misses[n] += 1
                after = self.every[n].after
                if after is None or misses[n] > MOST_MISSES or after.match(plain, first + end):
                    found.add(n)
        return [self.every[n] for n in sorted(found)] if found else []

    def in_sql(self, is_address: bool) -> str:
        """A pattern for RE2 that finds addresses, or all else, where ingestion has found nothing to cut out."""
        found = [s for s in self.every if s.is_plain and (s.group == ADDRESSES) == is_address]
        return "|".join(shape.pattern.pattern.replace("?P<cut>", "?:") for shape in found)


@cache
def shapes() -> Shapes:
    """The shapes of schemas/secrets.yml, read once."""
    return Shapes(yaml_events.load(FILE.read_text(encoding="utf-8")))


def _shapes(group: str, written: dict) -> list[Shape]:
    # a name may be of any script; all else is ASCII, where RE2 and Python agree
    flags = 0 if group == ADDRESSES else re.ASCII
    return [
        Shape(
            name,
            group,
            one["title"],
            written["removed"],
            tuple(one["marks"]),
            re.compile(one["after"].encode()) if "after" in one else None,
            re.compile(one["pattern"], flags),
            getattr(likeness, one["test"]) if "test" in one else None,
        )
        for name, one in written["shapes"].items()
    ]
