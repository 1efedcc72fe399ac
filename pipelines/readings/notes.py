"""What a reading lacks, noted while it is made: which fields, in which section, and in which word.

Here: the four words and who falls under each. `unknown`, `not applicable` and `withheld` are answers of an author; `not
stated` is what nobody wrote. Not here: which fields are looked at (parts.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipelines.ingest.times import STATES
from pipelines.readings.values import NOT_STATED
from pipelines.report.print_forms import words

ANSWERS = ("unknown", "not applicable", "withheld")


class Notes:
    """Fields by word and section; `section` is the title of the one being made."""

    def __init__(self) -> None:
        self.section = ""
        self._found: dict[str, dict[str, list[str]]] = {word: {} for word in (*ANSWERS, NOT_STATED)}

    def is_missing(self, name: str, value: Any) -> bool:
        """Whether there is nothing to show under a name. That, and a word that says why, is noted."""
        if word := absence(value):
            self.note(word, name)
        return word == NOT_STATED

    def inside(self, name: str, value: Any) -> None:
        """Note the words that stand for values within a value, such as at an end of a range."""
        for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            if isinstance(child, str) and child in STATES:
                self.note(words(child), name)
            self.inside(name, child)

    def lacking(self, entries: list[dict], node: dict, title: str) -> None:
        """Note, once for all entries of a list, which keys none of them has, and which say why there is no value."""
        for key, under in node["properties"].items():
            said = Counter(absence(entry.get(key)) for entry in entries)
            name = f"{title}: {under.get('title', words(key)).lower()}"
            for word in ANSWERS:
                if n := said[word]:
                    self.note(word, name if n == len(entries) else f"{name} ({n} of {len(entries)})")
            if said[NOT_STATED] == len(entries):
                self.note(NOT_STATED, name)

    def note(self, word: str, name: str) -> None:
        fields = self._found[word].setdefault(self.section, [])
        if name not in fields:
            fields.append(name)

    def facts(self) -> Iterator[dict]:
        """Under each word the fields by section; a section that is one field has its title alone."""
        for word, where in self._found.items():
            sections = [{"title": title, "fields": _but(title, fields)} for title, fields in where.items()]
            yield {"word": word, "n": sum(map(len, where.values())), "sections": sections}


def absence(value: Any) -> str:
    """The word for a value that is none; "" for one that is."""
    if value is None or value in ("", {}):
        return NOT_STATED
    return words(value) if isinstance(value, str) and value in STATES else ""


def _but(title: str, fields: list[str]) -> list[str]:
    return [name for name in fields if name != title]
