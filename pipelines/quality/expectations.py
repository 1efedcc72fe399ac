"""The suite of one run: the rules' thresholds and `schemas/expectations.yml` as one list of expectations on frames.

Here: reading, checking and putting together. Not here: Great Expectations (judge.py), rows (gate.py), any rule.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipelines.quality.rules import GATE_SEVERITIES, Catalogue, CatalogueError

EXPECTATIONS = Path(__file__).resolve().parents[2] / "schemas" / "expectations.yml"
RECORD_QUALITY = "record_quality"
# Expectations that judge one column row by row: only these give back which rows failed.
ARGUMENTS = {
    "expect_column_values_to_be_in_set": {"value_set", "words_of"},
    "expect_column_values_to_not_be_null": set(),
    "expect_column_values_to_be_unique": set(),
    "expect_column_values_to_be_between": {"min_value", "max_value"},
    "expect_column_values_to_match_regex": {"regex"},
}
COMMON = {"expect", "column", "severity", "reason", "needed", "at_least"}
NUMBERS = ("min_value", "max_value", "needed")


@dataclass(frozen=True)
class Expectation:
    """One expectation. `id` is unique in a suite and how results, in any order, are matched; `concern` is the Dagster
    check it is part of: a rule's concern, or the raw tables' frame."""

    id: str
    concern: str
    frame: str
    expect: str
    column: str
    severity: str
    title: str
    reason: str
    needed: float = 1.0
    at_least: int = 1
    arguments: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """All expectations of a run, and the SQL of each frame they look at."""

    frames: dict[str, str]
    expectations: tuple[Expectation, ...]

    def as_json(self) -> list[dict]:
        """What the judge is handed."""
        return [asdict(expectation) for expectation in self.expectations]


def load(catalogue: Catalogue, bundle: dict, path: Path = EXPECTATIONS) -> Suite:
    """The suite of a catalogue and an expectations file; `bundle` is the contract, for its words."""
    from pipelines.ingest.faults import Fault
    from pipelines.ingest.readers import yaml_events

    try:
        written = yaml_events.load(path.read_text(encoding="utf-8"))["frames"]
    except Fault as fault:
        raise CatalogueError(f"{path.name}:{fault.line or 1}: {fault.message}; {fault.fix}") from fault
    found = list(_of_rules(catalogue))
    for frame, entry in written.items():
        if set(entry) != {"sql", "expectations"}:
            raise CatalogueError(f"{path.name}: frame {frame}: the keys are sql and expectations")
        found += [_expectation(f"{path.name}: frame {frame}", frame, each, bundle) for each in entry["expectations"]]
    names = [expectation.id for expectation in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CatalogueError(f"{path.name}: {twice[0]} is there twice")
    columns = ", ".join(rule.id for rule in catalogue.rules)
    judged = (
        f"SELECT record_id, {columns} FROM quality.record_quality "
        "WHERE revision_id IN (SELECT revision_id FROM held_now) ORDER BY record_id, revision_id"
    )
    return Suite({RECORD_QUALITY: judged} | {name: entry["sql"] for name, entry in written.items()}, tuple(found))


def _of_rules(catalogue: Catalogue):
    for rule in catalogue.rules:
        threshold = rule.threshold
        yield Expectation(
            id=rule.id,
            concern=rule.concern,
            frame=RECORD_QUALITY,
            expect="expect_column_values_to_be_in_set",
            column=rule.id,
            severity=threshold.severity,
            title=rule.title,
            reason=rule.reason,
            needed=threshold.needed,
            at_least=threshold.at_least,
            arguments={"value_set": [0]},
        )


def _expectation(where: str, frame: str, entry: dict, bundle: dict) -> Expectation:
    kind = entry.get("expect")
    if kind not in ARGUMENTS:
        raise CatalogueError(f"{where}: `expect` is {kind!r}; write one of {', '.join(ARGUMENTS)}")
    if unknown := sorted(entry.keys() - COMMON - ARGUMENTS[kind]):
        raise CatalogueError(f"{where}: {kind}: unknown key `{unknown[0]}`")
    for key in ("column", "severity", "reason"):
        if key not in entry:
            raise CatalogueError(f"{where}: {kind}: key `{key}` is missing")
    if entry["severity"] not in GATE_SEVERITIES:
        raise CatalogueError(f"{where}: `severity` is {entry['severity']!r}; write one of {', '.join(GATE_SEVERITIES)}")
    given = {key: float(value) if key in NUMBERS else value for key, value in entry.items()}
    arguments = {key: given[key] for key in ARGUMENTS[kind] & given.keys()}
    if "words_of" in arguments:
        arguments = {"value_set": sorted(bundle["properties"][arguments["words_of"]]["enum"])}
    elif "value_set" in arguments:
        arguments = {"value_set": [float(word) if word.isdigit() else word for word in arguments["value_set"]]}
    manner = kind.removeprefix("expect_column_values_to_")
    return Expectation(
        id=f"{frame}_{entry['column']}_{manner}",
        concern=f"raw_{frame}",
        frame=frame,
        expect=kind,
        column=entry["column"],
        severity=entry["severity"],
        title=f"{entry['column']} of {frame} must {manner.replace('_', ' ')}",
        reason=entry["reason"],
        needed=given.get("needed", 1.0),
        at_least=int(entry.get("at_least", "1")),
        arguments=arguments,
    )
