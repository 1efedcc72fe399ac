"""How much a source must keep to: the threshold of a rule or share, and where a source is judged otherwise.

Here: `Threshold`, `Override`, choosing, and reading both from data. Not here: which shares there are (expectations.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

SEVERITIES = ("critical", "warning")
FITS = ("source", "stage", "provenance")
CHANGES = ("needed", "severity", "at_least")
FORMS = {"needed": r"0?\.[0-9]+|0|1(\.0+)?", "at_least": r"[1-9][0-9]*"}


class CatalogueError(ValueError):
    """A catalogue of the gate is wrong; the message names the file, the rule or expectation, and the key."""


@dataclass(frozen=True)
class Threshold:
    """The share of records that must pass, and what it means when fewer do: critical blocks, warning only says so.

    Below `at_least` judged records a critical threshold only warns, because one bad record of three is no broken feed.
    `is_given` says that it was set for this source: then it also comes before a share that SQL computed.
    """

    needed: float
    severity: str
    at_least: int = 1
    is_given: bool = False

    def severity_of(self, evaluated: int) -> str:
        return self.severity if evaluated >= self.at_least else "warning"


@dataclass(frozen=True)
class Override:
    """One entry of `thresholds`: for which sources of one rule or share, and what is different there."""

    expectation: str
    changes: dict
    source: str = "*"
    stage: str | None = None
    provenance: str | None = None

    def fits(self, expectation: str, source: str, traits: dict) -> bool:
        asked = {"stage": self.stage, "provenance": self.provenance}
        return (
            expectation == self.expectation
            and fnmatchcase(source, self.source)
            and all(word is None or traits.get(name) == word for name, word in asked.items())
        )


def choose(
    expectation: str, usual: Threshold, overrides: tuple[Override, ...], source: str | None, traits: dict
) -> Threshold:
    """The threshold of one source: the first override that fits, else the usual one."""
    for override in overrides:
        if source is not None and override.fits(expectation, source, traits):
            return replace(usual, is_given="needed" in override.changes, **override.changes)
    return usual


def threshold(where: str, entry: object) -> Threshold:
    """The `threshold` of a rule or share."""
    closed(f"{where}: threshold", entry, {"needed", "severity"}, set(CHANGES))
    return Threshold(**changes(where, entry))


def overrides(where: str, entries: object) -> tuple[Override, ...]:
    """The `thresholds` of expectations.yml: expectation → list of entries."""
    closed(where, entries, set(), None)
    found = []
    for name, listed in entries.items():
        if not isinstance(listed, list):
            raise CatalogueError(f"{where}: {name}: must be a list of groups")
        for entry in listed:
            closed(f"{where}: {name}", entry, {"reason"}, {"reason", *FITS, *CHANGES})
            for key, many in (("source, stage or provenance", FITS), ("needed, severity or at_least", CHANGES)):
                if not entry.keys() & set(many):
                    raise CatalogueError(f"{where}: {name}: an entry must say {key}")
            found.append(
                Override(name, changes(f"{where}: {name}", entry), **{k: entry[k] for k in FITS if k in entry})
            )
    return tuple(found)


def of_source(name: str, entries: Iterable[dict]) -> tuple[Override, ...]:
    """The `thresholds` of one source of faultlines.yml, which the settings' schema has checked."""
    return tuple(Override(e["of"], {key: e[key] for key in CHANGES if key in e}, source=name) for e in entries)


def changes(where: str, entry: dict) -> dict:
    """What an entry says of needed, severity and at_least, as values."""
    if "severity" in entry:
        among(where, "threshold.severity", entry["severity"], SEVERITIES)
    for key in FORMS.keys() & entry.keys():
        matches(where, f"threshold.{key}", entry[key], FORMS[key])
    kinds = {"needed": float, "severity": str, "at_least": int}
    return {key: kind(entry[key]) for key, kind in kinds.items() if key in entry}


def closed(where: str, entry: object, required: set[str], allowed: set[str] | None) -> None:
    """Refuse what is no group of keys, keys nobody knows and keys that are missing; `allowed` None allows any."""
    if not isinstance(entry, dict):
        raise CatalogueError(f"{where}: must be a group of keys: {', '.join(sorted(allowed or ())) or 'ids'}")
    if allowed is not None and (unknown := sorted(entry.keys() - allowed)):
        raise CatalogueError(f"{where}: unknown key `{unknown[0]}`; the keys are {', '.join(sorted(allowed))}")
    if missing := sorted(required - entry.keys()):
        raise CatalogueError(f"{where}: key `{missing[0]}` is missing")


def among(where: str, key: str, value: object, words: tuple[str, ...]) -> None:
    if value not in words:
        raise CatalogueError(f"{where}: `{key}` is {value!r}; write one of {', '.join(words)}")


def matches(where: str, key: str, value: object, pattern: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise CatalogueError(f"{where}: `{key}` is {value!r}, which is not of the form {pattern}")
