"""Ready questions: the files of queries/, what may be set in each, and the answer to one.

A file's first line is its question, its second line the grain. Parameters stand at the top, in the common table
expression `asked`, one a line as `literal as name,  -- meaning`: the same text runs as it is in any DuckDB shell.
Here: reading these files and setting parameters. Not here: running SQL and the way to the warehouse (shell.py).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pipelines.settings import ROOT, SettingsError

FOLDER = ROOT / "queries"
ASKED = re.compile(r"^with asked as \(\n    select\n(.*?)^\)", re.DOTALL | re.MULTILINE)
# What a value may be written as; nothing else goes into a statement, so that a value cannot add SQL.
KINDS = {
    "a date such as 2026-01-01": r"date '([0-9]{4}-[0-9]{2}-[0-9]{2})'",
    "a whole number": r"(-?[0-9]+)",
    "a number such as 2.5": r"(-?[0-9]+\.[0-9]+)",
    "a text": r"'((?:[^']|'')*)'",
}
PARAMETER = re.compile(rf"^ {{8}}({'|'.join(KINDS.values())}) as (\w+),?(?: +-- (.*))?$", re.MULTILINE)


@dataclass(frozen=True)
class Parameter:
    """One value that may be set: how it is written in the file, and what it means."""

    name: str
    literal: str
    meaning: str

    @property
    def kind(self) -> str:
        return next(kind for kind, form in KINDS.items() if re.fullmatch(form, self.literal))

    @property
    def words(self) -> list[str]:
        """The texts it may be, where its meaning begins with `one of`; a wrong word would answer with no row."""
        return re.findall(r"\w+", self.meaning.removeprefix("one of ")) if self.meaning.startswith("one of ") else []

    @property
    def value(self) -> str:
        """As it is given to --set."""
        return re.fullmatch(KINDS[self.kind], self.literal)[1].replace("''", "'")

    def written(self, value: str) -> str:
        """A given value as SQL; SettingsError where it is of another kind."""
        if self.kind == "a date such as 2026-01-01":
            literal = f"date '{value}'" if _is_day(value) else ""
        elif self.kind == "a text":
            literal = "'" + value.replace("'", "''") + "'"
        else:
            literal = f"{value}.0" if self.kind.startswith("a number") and value.lstrip("-").isdecimal() else value
        if not re.fullmatch(KINDS[self.kind], literal) or (self.words and value not in self.words):
            raise SettingsError(f"{self.name} takes {', '.join(self.words) or self.kind}, not {value!r}")
        return literal


@dataclass(frozen=True)
class Question:
    """One file of queries/."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def question(self) -> str:
        return self.text.split("\n", 1)[0].removeprefix("-- ")

    @property
    def grain(self) -> str:
        return self.text.split("\n", 2)[1].removeprefix("-- ")

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        asked = ASKED.search(self.text)
        lines = PARAMETER.finditer(asked[1]) if asked else ()
        found = (Parameter(line[line.re.groups - 1], line[1], line[line.re.groups] or "") for line in lines)
        return {parameter.name: parameter for parameter in found}

    def with_values(self, given: dict[str, str]) -> str:
        """The statement with these values in place of those of the file."""
        wrong = [name for name in given if name not in self.parameters]
        if wrong:
            there = ", ".join(self.parameters) or "none"
            raise SettingsError(f"{self.name} has no parameter {', '.join(wrong)}; it has {there}")
        text = self.text
        for name, value in given.items():
            one = self.parameters[name]
            was, now = f"{one.literal} as {name}", f"{one.written(value)} as {name}"
            text = re.sub(rf"^( {{8}}){re.escape(was)}\b", lambda at, now=now: at[1] + now, text, flags=re.MULTILINE)
        return text


def catalogue() -> dict[str, Question]:
    """Every ready question by name."""
    return {path.stem: Question(path) for path in sorted(FOLDER.glob("*.sql"))}


def named(name: str) -> Question:
    """One question; SettingsError names those with a similar name, or how to see them all."""
    there = catalogue()
    if name not in there:
        near = difflib.get_close_matches(name, there, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else "`faultlines sql --list` shows all"
        raise SettingsError(f"no ready question {name}; {hint}")
    return there[name]


def values(pairs: Iterable[str]) -> dict[str, str]:
    """`name=value` words as a dictionary."""
    split = [pair.partition("=") for pair in pairs]
    for name, sign, _ in split:
        if not sign:
            raise SettingsError(f"--set {name}: write it as name=value")
    return {name: value for name, _, value in split}


def listing() -> str:
    """Every question with its name, to be read at a terminal."""
    there = catalogue().values()
    width = max(len(one.name) for one in there)
    return "\n".join(f"{one.name:<{width}}  {one.question}" for one in there)


def about(one: Question, given: dict[str, str], options: dict[str, str] | None = None) -> str:
    """The question, the grain of its answer, and what is or may be set.

    `options`: parameter -> its option, of a command that has options of its own for some and takes no other.
    """
    lines = [one.question, one.grain]
    for parameter in one.parameters.values():
        value = given.get(parameter.name, parameter.value)
        if options is None:
            lines.append(f"  --set {parameter.name}={value}  {parameter.meaning}".rstrip())
        elif parameter.name in options:
            lines.append(f"  {options[parameter.name]} {value or '…'}  {parameter.meaning}".rstrip())
    return "\n".join(lines)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
