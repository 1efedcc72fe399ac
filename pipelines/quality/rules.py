"""The rule catalogue `schemas/rules.yml` as values, and every complaint about it.

Here: reading and checking the catalogue. A wrong one is an error that names rule and key, before any SQL runs.
Not here: SQL (record_quality.py), what a threshold means (thresholds.py), and no rule by name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.quality.thresholds import CatalogueError, Threshold, among, closed, matches, threshold

CATALOGUE = Path(__file__).resolve().parents[2] / "schemas" / "rules.yml"
SEVERITIES = ("error", "warning")
MEASURES = ("detect", "acknowledge", "mitigate", "resolve", "week")
DEPENDENCIES = ("clock", "other_records")
TOP_KEYS = {"concerns", "ids", "links", "wordings", "rules"}


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
    closed(path.name, written, TOP_KEYS, TOP_KEYS)
    concerns = written["concerns"]
    rules = tuple(_rule(f"{path.name}: rule {name}", name, entry, concerns) for name, entry in written["rules"].items())
    ids = {kind: tuple(columns) for kind, columns in written["ids"].items()}
    for field, kind in written["links"].items():
        among(f"{path.name}: links", field, kind, tuple(ids))
    return Catalogue(rules, ids, written["links"], written["wordings"])


def _rule(where: str, name: str, entry: object, concerns: dict) -> Rule:
    matches(where, "id", name, r"PM[1-9][0-9]{2}")
    closed(where, entry, REQUIRED, REQUIRED | OPTIONAL)
    texts = {key: value for key, value in entry.items() if key not in ("threshold", "sets_aside")}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError(f"{where}: `{key}` must be a text that says something")
    among(where, "severity", entry["severity"], SEVERITIES)
    among(where, "concern", entry["concern"], tuple(concerns))
    matches(where, "section", entry["section"], r"[a-z_]+")
    for key in ("message", "field"):
        if entry[key].count("{") != entry[key].count("}") or "{}" in entry[key]:
            raise CatalogueError(f"{where}: `{key}` has braces that do not pair: write {{SQL expression}}")
    if "depends_on" in entry:
        among(where, "depends_on", entry["depends_on"], DEPENDENCIES)
    measures = entry.get("sets_aside", [])
    if not isinstance(measures, list):
        raise CatalogueError(f"{where}: `sets_aside` must be a list of {', '.join(MEASURES)}")
    for measure in measures:
        among(where, "sets_aside", measure, MEASURES)
    stripped = {key: value.strip() for key, value in texts.items()}
    return Rule(id=name, threshold=threshold(where, entry["threshold"]), sets_aside=tuple(measures), **stripped)
