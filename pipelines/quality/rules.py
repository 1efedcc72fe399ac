"""The rule catalogue `schemas/rules.yml` as values, and every complaint about it.

Here: reading and checking the catalogue. A wrong one is an error that names rule and key, before any SQL runs.
Not here: SQL (record_quality.py), thresholds at work (expectations.py), and no rule by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[2] / "schemas" / "rules.yml"
SEVERITIES = ("error", "warning")
GATE_SEVERITIES = ("critical", "warning")
MEASURES = ("detect", "acknowledge", "mitigate", "resolve")
DEPENDENCIES = ("clock", "other_records")
TOP_KEYS = {"concerns", "ids", "links", "wordings", "rules"}


class CatalogueError(ValueError):
    """The catalogue is wrong; the message names the rule and the key."""


@dataclass(frozen=True)
class Threshold:
    """The share of records that must pass, and what it means when fewer do: critical blocks, warning only says so.

    Below `at_least` judged records a critical threshold only warns, because one bad record of three is no broken feed.
    """

    needed: float
    severity: str
    at_least: int = 1


@dataclass(frozen=True)
class Rule:
    """One rule: a row of `section` where `applies` holds breaks it where `violates` holds.

    `depends_on` says that more than the record itself decides, so that an old verdict may turn without a new revision.
    """

    id: str
    title: str
    severity: str
    concern: str
    section: str
    violates: str
    field: str
    message: str
    reason: str
    fix: str
    threshold: Threshold
    applies: str = "true"
    sets_aside: tuple[str, ...] = ()
    depends_on: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """All rules, the fields that give ids by kind, those that point to one, and a neutral wording per blaming word."""

    rules: tuple[Rule, ...]
    ids: dict[str, tuple[str, ...]]
    links: dict[str, str]
    wordings: dict[str, str]
    concerns: dict[str, str]


REQUIRED = {f.name for f in fields(Rule)} - {"id", "applies", "sets_aside", "depends_on"}
OPTIONAL = {"applies", "sets_aside", "depends_on"}


def load(path: Path = CATALOGUE) -> Catalogue:
    """Read and check a catalogue."""
    from pipelines.ingest.faults import Fault
    from pipelines.ingest.readers import yaml_events

    try:
        written = yaml_events.load(path.read_text(encoding="utf-8"))
    except Fault as fault:
        raise CatalogueError(f"{path.name}:{fault.line or 1}: {fault.message}; {fault.fix}") from fault
    _closed(path.name, written, TOP_KEYS, TOP_KEYS)
    concerns = written["concerns"]
    rules = tuple(_rule(f"{path.name}: rule {name}", name, entry, concerns) for name, entry in written["rules"].items())
    ids = {kind: tuple(columns) for kind, columns in written["ids"].items()}
    for field, kind in written["links"].items():
        _among(f"{path.name}: links", field, kind, tuple(ids))
    return Catalogue(rules, ids, written["links"], written["wordings"], concerns)


def _rule(where: str, name: str, entry: object, concerns: dict) -> Rule:
    _matches(where, "id", name, r"PM[1-9][0-9]{2}")
    _closed(where, entry, REQUIRED, REQUIRED | OPTIONAL)
    texts = {key: value for key, value in entry.items() if key not in ("threshold", "sets_aside")}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError(f"{where}: `{key}` must be a text that says something")
    _among(where, "severity", entry["severity"], SEVERITIES)
    _among(where, "concern", entry["concern"], tuple(concerns))
    _matches(where, "section", entry["section"], r"[a-z_]+")
    for key in ("message", "field"):
        if entry[key].count("{") != entry[key].count("}") or "{}" in entry[key]:
            raise CatalogueError(f"{where}: `{key}` has braces that do not pair: write {{SQL expression}}")
    if "depends_on" in entry:
        _among(where, "depends_on", entry["depends_on"], DEPENDENCIES)
    measures = entry.get("sets_aside", [])
    if not isinstance(measures, list):
        raise CatalogueError(f"{where}: `sets_aside` must be a list of {', '.join(MEASURES)}")
    for measure in measures:
        _among(where, "sets_aside", measure, MEASURES)
    stripped = {key: value.strip() for key, value in texts.items()}
    return Rule(id=name, threshold=_threshold(where, entry["threshold"]), sets_aside=tuple(measures), **stripped)


def _threshold(where: str, entry: object) -> Threshold:
    _closed(f"{where}: threshold", entry, {"needed", "severity"}, {"needed", "severity", "at_least"})
    _among(where, "threshold.severity", entry["severity"], GATE_SEVERITIES)
    _matches(where, "threshold.needed", entry["needed"], r"0?\.[0-9]+|0|1(\.0+)?")
    _matches(where, "threshold.at_least", entry.get("at_least", "1"), r"[1-9][0-9]*")
    return Threshold(float(entry["needed"]), entry["severity"], int(entry.get("at_least", "1")))


def _closed(where: str, entry: object, required: set[str], allowed: set[str]) -> None:
    if not isinstance(entry, dict):
        raise CatalogueError(f"{where}: must be a group of keys: {', '.join(sorted(allowed))}")
    if unknown := sorted(entry.keys() - allowed):
        raise CatalogueError(f"{where}: unknown key `{unknown[0]}`; the keys are {', '.join(sorted(allowed))}")
    if missing := sorted(required - entry.keys()):
        raise CatalogueError(f"{where}: key `{missing[0]}` is missing")


def _among(where: str, key: str, value: object, words: tuple[str, ...]) -> None:
    if value not in words:
        raise CatalogueError(f"{where}: `{key}` is {value!r}; write one of {', '.join(words)}")


def _matches(where: str, key: str, value: object, pattern: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise CatalogueError(f"{where}: `{key}` is {value!r}, which is not of the form {pattern}")
