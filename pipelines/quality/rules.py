"""The rule catalogue `schemas/rules.yml` as values, and every complaint about it.

Here: reading and checking the catalogue. A wrong one is an error that names rule and key, before any SQL runs.
Not here: SQL (record_quality.py), what a threshold means (thresholds.py), and no rule by name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.contract import asked, bundle
from pipelines.quality.thresholds import CatalogueError, Threshold, among, closed, matches, threshold
from pipelines.settings import SCHEMAS

CATALOGUE = SCHEMAS / "rules.yml"
SEVERITIES = ("error", "warning")
MEASURES = ("detect", "acknowledge", "mitigate", "resolve", "week")
DEPENDENCIES = ("clock", "other_records")
TOP_KEYS = {"concerns", "ids", "links", "wordings", "rules"}


@dataclass(frozen=True)
class Rule:
    """One rule: a row of `section` where `applies` holds breaks it where `violates` holds.

    `stage` is the first at which a record is judged, `stages` are it and those after it, none where it is every stage.
    `passes` and `fails` are YAML fragments of a record, for readers: the one is judged and keeps the rule, the other
    breaks it and no other.
    `asks` are the fields that nearly every record must fill to keep the rule: `new` prompts for them.
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
    stage: str
    stages: tuple[str, ...]
    passes: str
    fails: str
    applies: str = "true"
    sets_aside: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    depends_on: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """All rules, what each concern is, the fields that give ids by kind, those that point to one, and a neutral wording
    per blaming word."""

    rules: tuple[Rule, ...]
    concerns: dict[str, str]
    ids: dict[str, tuple[str, ...]]
    links: dict[str, str]
    wordings: dict[str, str]


OPTIONAL = {"applies", "sets_aside", "asks", "depends_on"}
REQUIRED = {f.name for f in fields(Rule)} - OPTIONAL - {"id", "stages"}


def load(path: Path = CATALOGUE) -> Catalogue:
    """Read and check a catalogue."""
    written = _read(path.name, path.read_text(encoding="utf-8"))
    closed(path.name, written, TOP_KEYS, TOP_KEYS)
    concerns, stages = written["concerns"], tuple(asked.stages(bundle.load()))
    rules = tuple(
        _rule(f"{path.name}: rule {name}", name, entry, tuple(concerns), stages)
        for name, entry in written["rules"].items()
    )
    ids = {kind: tuple(columns) for kind, columns in written["ids"].items()}
    for field, kind in written["links"].items():
        among(f"{path.name}: links", field, kind, tuple(ids))
    return Catalogue(rules, concerns, ids, written["links"], written["wordings"])


def _read(where: str, text: str) -> object:
    from pipelines.ingest.faults import Fault
    from pipelines.ingest.readers import yaml_events

    try:
        return yaml_events.load(text)
    except Fault as fault:
        raise CatalogueError(f"{where}:{fault.line or 1}: {fault.message}; {fault.fix}") from fault


def _rule(where: str, name: str, entry: object, concerns: tuple[str, ...], stages: tuple[str, ...]) -> Rule:
    matches(where, "id", name, r"PM[1-9][0-9]{2}")
    closed(where, entry, REQUIRED, REQUIRED | OPTIONAL)
    texts = {key: value for key, value in entry.items() if key not in ("threshold", "sets_aside", "asks")}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError(f"{where}: `{key}` must be a text that says something")
    among(where, "severity", entry["severity"], SEVERITIES)
    among(where, "concern", entry["concern"], concerns)
    among(where, "stage", entry["stage"], stages)
    matches(where, "section", entry["section"], r"[a-z_]+")
    for key in ("message", "field"):
        if entry[key].count("{") != entry[key].count("}") or "{}" in entry[key]:
            raise CatalogueError(f"{where}: `{key}` has braces that do not pair: write {{SQL expression}}")
    for key in ("passes", "fails"):
        if not isinstance(_read(f"{where}: {key}", entry[key]), dict):
            raise CatalogueError(f"{where}: `{key}` must be a text that is YAML: some fields of a record")
    if "depends_on" in entry:
        among(where, "depends_on", entry["depends_on"], DEPENDENCIES)
    measures = entry.get("sets_aside", [])
    if not isinstance(measures, list):
        raise CatalogueError(f"{where}: `sets_aside` must be a list of {', '.join(MEASURES)}")
    for measure in measures:
        among(where, "sets_aside", measure, MEASURES)
    asks = entry.get("asks", [])
    if not isinstance(asks, list):
        raise CatalogueError(f"{where}: `asks` must be a list of fields, such as actions[].due_on")
    stripped = {key: value.strip() for key, value in texts.items()}
    return Rule(
        id=name,
        threshold=threshold(where, entry["threshold"]),
        stages=() if entry["stage"] == stages[0] else stages[stages.index(entry["stage"]) :],
        sets_aside=tuple(measures),
        asks=tuple(asks),
        **stripped,
    )
