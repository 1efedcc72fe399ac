"""Problems as a good compiler prints them: code, place, the line, a caret under what is wrong, how to mend it.

Here: the look, and the last lines that count and name the next command. Not here: finding problems (check.py), other
forms (machine.py). A line of a file is shown with addresses and secrets cut out, and so that it cannot act.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipelines.checking import codes
from pipelines.checking.check import ERROR, WARNING, Checked, Problem
from pipelines.checking.next_stage import NextStage
from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.text import printable
from pipelines.others_words import disarmed, for_terminal

COLOURS = {ERROR: "1;31", WARNING: "1;33", "place": "1;34", "help": "1;36", "bold": "1"}
MOST_NEXT = 5  # records whose next stage is named: of a whole folder nobody reads more
WIDE = 120
# a key, and the value beside it, up to what may end it in a list or group written on one line
ENTRY = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s:,\[\]{}"']+)"""
    r"""(?:\s*:\s+(?P<value>"[^"]*"?|'[^']*'?|[^,{}\[\]#]+))?"""
)
KEY_ALONE = ("PM009", "PM020", "PM021")  # the key itself is what is wrong, or the group that lacks a field


class Screen:
    """Text for a terminal, coloured where it is one that wants colours."""

    def __init__(self, checked: Checked, is_coloured: bool) -> None:
        self.checked, self.is_coloured = checked, is_coloured

    def lines(self) -> Iterator[str]:
        """Every problem, a blank line after each."""
        for problem in self.checked.problems:
            yield from self._problem(problem)
            yield ""

    def _problem(self, problem: Problem) -> Iterator[str]:
        said = for_terminal(problem.message)
        yield self._paint(problem.severity, f"{problem.severity}[{problem.code}]") + self._paint("bold", f": {said}")
        place = ":".join(str(part) for part in (where(self.checked, problem), problem.line, problem.column) if part)
        margin = " " * len(str(problem.line or ""))
        field = f"  ({for_terminal(printable(problem.field))})" if problem.field else ""
        # on one line, whatever a file is called: GitHub obeys a line of a log that begins with two colons
        yield f"{margin}{self._paint('place', '-->')} {for_terminal(printable(place))}{field}"
        yield from self._line(problem, margin)
        yield f"{margin} {self._paint('place', '=')} {self._paint('help', 'help')}: {for_terminal(problem.fix)}"

    def _line(self, problem: Problem, margin: str) -> Iterator[str]:
        lines = self._lines(problem.file) if problem.line else []
        if not 0 < (problem.line or 0) <= len(lines):
            return
        line, start = lines[problem.line - 1], max((problem.column or 1) - 1, 0)
        is_top = problem.code == "PM021" and "." not in (problem.field or "")  # the record itself has no key
        first, end = (start, start + 1) if is_top else _underlined(line, start, problem.code in KEY_ALONE)
        cut = max(0, first - WIDE // 2)
        before, under, after = (_safe(part) for part in (line[cut:first], line[first:end], line[end : cut + WIDE]))
        dots = "…" if cut else ""
        bar = self._paint("place", "|")
        yield f"{margin} {bar}"
        # whole once more: of two parts neither need be a command
        yield disarmed(f"{self._paint('place', str(problem.line))} {bar} {dots}{before}{under}{after}".rstrip())
        carets = " " * (_width(dots) + _width(before)) + "^" * max(1, _width(under))
        yield f"{margin} {bar} {self._paint(problem.severity, carets)}" if problem.column else f"{margin} {bar}"

    @lru_cache(maxsize=4)  # problems come by file  # noqa: B019 (a screen lives as long as its one command)
    def _lines(self, file: tuple[str, str]) -> list[str]:
        """The file's lines without secrets; none where one that spans lines was cut out, or it is no text."""
        source, found = self.checked.files[file]
        if found.problem:
            return []  # a pipe would be waited at for ever
        try:
            with files.opened(found.absolute, found.member, source.encoding) as stream:
                written = stream.read().decode("utf-8-sig")
        except (Fault, UnicodeDecodeError):
            return []
        lines = re.split(r"\r\n?|\n", written)
        cleaned = re.split(r"\r\n?|\n", self.checked.clean(written))
        return cleaned if len(cleaned) == len(lines) else []

    def _paint(self, name: str, text: str) -> str:
        return f"\x1b[{COLOURS[name]}m{text}\x1b[0m" if self.is_coloured else text


def next_stages(checked: Checked) -> Iterator[str]:
    """What the next stage asks for, a line for each of the first records that have no error."""
    open_ends = [one for one in checked.next_stages if one.fields]
    for one in open_ends[:MOST_NEXT]:
        yield for_terminal(f"{one.record_id} ({one.stage}) has no error; {one.next} asks for: {', '.join(one.fields)}")
    if len(open_ends) > MOST_NEXT:
        yield f"{len(open_ends) - MOST_NEXT:,} more records lack fields of their next stage; --format json names them"


def last_line(checked: Checked) -> str:
    """Counts, and the command to go on with."""
    errors, warnings = checked.count(ERROR), checked.count(WARNING)
    counted = f"{_some(checked.records, 'record')} checked: {_some(errors, 'error')}, {_some(warnings, 'warning')}"
    if any(problem.code in codes.faults() for problem in checked.problems):
        counted += "; rules are judged of a record that has its form"
    first = next((p for wanted in (ERROR, WARNING) for p in checked.problems if p.severity == wanted), None)
    return f"{counted}; next: " + (f"faultlines explain {first.code}" if first else "faultlines run")


def _some(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def where(checked: Checked, problem: Problem | NextStage) -> str:
    """The file's path as it can be opened from here."""
    source, found = checked.files[problem.file]
    return source.from_here(found.path)


def _underlined(line: str, start: int, is_key_alone: bool) -> tuple[int, int]:
    """What the caret stands under: the key, and where the value is wrong the value with it."""
    found = ENTRY.match(line, start)
    if not found:
        return start, min(start + 1, len(line))
    end = found.end("key") if is_key_alone or not found["value"] else found.end("value")
    return start, start + len(line[start:end].rstrip())


def _safe(text: str) -> str:
    return for_terminal(text).replace("\t", " ")


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian letters take two, a combining mark none."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)
