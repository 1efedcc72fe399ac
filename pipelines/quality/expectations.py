"""The suite of one run: the rules and `schemas/expectations.yml` as one list of expectations, each with its threshold.

Here: reading, checking and putting together. Not here: Great Expectations (judge.py), the SQL that counts (shares.py,
drift.py), rows (gate.py), any rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.quality import drift
from pipelines.quality.rules import Catalogue
from pipelines.quality.suite import NEVER_NULL, Expectation, Suite
from pipelines.quality.thresholds import (
    SEVERITIES,
    CatalogueError,
    Override,
    Threshold,
    among,
    changes,
    closed,
    matches,
    of_source,
    overrides,
)
from pipelines.settings import SCHEMAS

EXPECTATIONS = SCHEMAS / "expectations.yml"
TOP_KEYS = {"history", "frames", "shares", "never_null", "drift", "thresholds"}
# Expectations that judge one column row by row: only these give back which rows failed.
ARGUMENTS = {
    "expect_column_values_to_be_in_set": {"value_set", "words_of"},
    "expect_column_values_to_not_be_null": set(),
    "expect_column_values_to_be_unique": set(),
    "expect_column_values_to_be_between": {"min_value", "max_value"},
    "expect_column_values_to_match_regex": {"regex"},
}
OF_FRAMES = {"expect", "column", "severity", "reason"}
OF_SHARES = {"concern", "title", "severity", "reason", "fix", "sql"}


def load(
    catalogue: Catalogue,
    bundle: dict,
    path: Path = EXPECTATIONS,
    of_sources: dict[str, Iterable[dict]] | None = None,
) -> Suite:
    """The suite of a catalogue and an expectations file; `bundle` is the contract, for its words; `of_sources` holds
    the thresholds a project's sources set for themselves."""
    from pipelines.ingest.faults import Fault
    from pipelines.ingest.readers import yaml_events

    try:
        written = yaml_events.load(path.read_text(encoding="utf-8"))
    except Fault as fault:
        raise CatalogueError(f"{path.name}:{fault.line or 1}: {fault.message}; {fault.fix}") from fault
    closed(path.name, written, {"frames"}, TOP_KEYS)
    found = [*_of_rules(catalogue), *_of_frames(path.name, written["frames"], bundle)]
    found += [_share(f"{path.name}: share {name}", name, entry) for name, entry in written.get("shares", {}).items()]
    if NEVER_NULL in written:
        found.append(_never_null(path.name, written[NEVER_NULL]))
    watched = drift.read(f"{path.name}: drift", written["drift"]) if "drift" in written else None
    found += [Expectation(each.id, **each.about) for each in (watched.falls if watched else ())]
    names = [expectation.id for expectation in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CatalogueError(f"{path.name}: {twice[0]} is there twice")
    runs = written.get("history", {"runs": "1"}).get("runs")
    matches(f"{path.name}: history", "runs", runs, "[1-9][0-9]*")
    return Suite(
        catalogue=catalogue,
        expectations=tuple(found),
        frames={name: entry["sql"] for name, entry in written["frames"].items()},
        shares={name: entry["sql"] for name, entry in written.get("shares", {}).items()},
        never_null=written.get(NEVER_NULL, {}),
        drift=watched,
        overrides=tuple(_overrides(path.name, written, of_sources or {}, found)),
        runs=int(runs),
    )


def _overrides(file: str, written: dict, of_sources: dict, found: list[Expectation]) -> Iterator[Override]:
    """A source's own come first. Only what is judged source by source can be judged otherwise for one."""
    own = [(f"faultlines.yml: source {name}", of_source(name, entry)) for name, entry in of_sources.items()]
    shared = (file, overrides(f"{file}: thresholds", written.get("thresholds", {})))
    known = [each.id for each in found if not each.frame]
    for where, listed in (*own, shared):
        for override in listed:
            if override.expectation not in known:
                raise CatalogueError(
                    f"{where}: thresholds: there is no rule or share {override.expectation!r}; write one of "
                    f"{', '.join(known)}"
                )
            yield override


def _of_rules(catalogue: Catalogue) -> Iterator[Expectation]:
    for rule in catalogue.rules:
        yield Expectation(rule.id, rule.concern, rule.title, rule.reason, rule.threshold, rule.fix)


def _share(where: str, name: str, entry: dict) -> Expectation:
    closed(where, entry, OF_SHARES, OF_SHARES | {"needed", "at_least"})
    matches(where, "concern", entry["concern"], "[a-z_]+")
    threshold = Threshold(**({"needed": 1.0} | changes(where, entry)))
    return Expectation(name, entry["concern"], entry["title"], entry["reason"], threshold, entry["fix"])


def _never_null(file: str, tables: object) -> Expectation:
    closed(f"{file}: {NEVER_NULL}", tables, set(), None)
    for table, columns in tables.items():
        if not table.startswith("raw.") or not isinstance(columns, list):
            raise CatalogueError(f"{file}: {NEVER_NULL}: {table} must be a raw table with a list of columns")
    return Expectation(
        NEVER_NULL,
        "nulls",
        "Columns that always hold something do",
        "A row without its key, its file or its moment is counted and leads nowhere.",
        Threshold(1.0, "critical"),
        "This is a fault of Faultlines or of the disk, not of a record: run `faultlines doctor`.",
    )


def _of_frames(file: str, frames: dict, bundle: dict) -> Iterator[Expectation]:
    for frame, entry in frames.items():
        if set(entry) != {"sql", "expectations"}:
            raise CatalogueError(f"{file}: frame {frame}: the keys are sql and expectations")
        for each in entry["expectations"]:
            yield _of_frame(f"{file}: frame {frame}", frame, each, bundle)


def _of_frame(where: str, frame: str, entry: dict, bundle: dict) -> Expectation:
    kind = entry.get("expect")
    among(where, "expect", kind, tuple(ARGUMENTS))
    closed(f"{where}: {kind}", entry, OF_FRAMES, OF_FRAMES | ARGUMENTS[kind])
    among(where, "severity", entry["severity"], SEVERITIES)
    manner = kind.removeprefix("expect_column_values_to_")
    return Expectation(
        id=f"{frame}_{entry['column']}_{manner}",
        concern=f"raw_{frame}",
        title=f"{entry['column']} of {frame} must {manner.replace('_', ' ')}",
        reason=entry["reason"],
        threshold=Threshold(1.0, entry["severity"]),
        frame=frame,
        expect=kind,
        arguments={"column": entry["column"]} | _arguments(entry, ARGUMENTS[kind], bundle),
    )


def _arguments(entry: dict, names: set[str], bundle: dict) -> dict:
    """What Great Expectations is told besides the column; words of the contract as a set, numbers as numbers."""
    if "words_of" in entry:
        return {"value_set": sorted(bundle["properties"][entry["words_of"]]["enum"])}
    if "value_set" in entry:
        return {"value_set": [float(word) if word.isdigit() else word for word in entry["value_set"]]}
    return {name: entry[name] if name == "regex" else float(entry[name]) for name in names & entry.keys()}
