"""A source tried while its entry and mapping are being written: what comes out, and what does not, without the store.

Here: the same reading as a run's, into memory and thrown away. Not here: how it is shown (trial_text.py). The key of
the pseudonyms is one of its own, so nothing shown can be held against the warehouse.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from pipelines.contract import bundle
from pipelines.contract.asked import required_at
from pipelines.ingest import files
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.deliver import read_source
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.mapping import sample
from pipelines.ingest.validate import Contract
from pipelines.privacy.cleaning import protect
from pipelines.settings import Settings, SettingsError, Source

KEY = b"a trial's pseudonyms match nothing"


@dataclass
class Trial:
    """What one trial found. `coverage`: records in which a field has a value, by path; `asked`: fields a published
    record is asked for and no record has; `is_cut`: there is more than was read."""

    source: Source
    files: int = 0
    ignored: int = 0
    skipped: int = 0
    is_cut: bool = False
    sample: dict[str, list[dict]] = field(default_factory=dict)
    records: list[dict] = field(default_factory=list)
    faults: list[dict] = field(default_factory=list)
    coverage: Counter[str] = field(default_factory=Counter)
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)
    asked: list[str] = field(default_factory=list)

    @property
    def set_aside(self) -> int:
        return len({(fault["path"], fault["record_n"]) for fault in self.faults})

    @property
    def given_twice(self) -> list[str]:
        return sorted(record_id for record_id, count in self.ids.items() if count > 1)


class _Enough(Exception):
    """As many records as were asked for have been read."""


def try_source(settings: Settings, name: str, most: int) -> Trial:
    """Read at most so many records of one source; nothing is written but into a folder that is gone afterwards."""
    if name not in settings.by_name:
        raise SettingsError(f"{settings.file}: no source {name!r}; there are {', '.join(settings.by_name)}")
    source, schema = settings.by_name[name], bundle.load()
    found = files_of(settings, source)
    trial = Trial(source, len(found), sum(file.ignored for file in found))
    with tempfile.TemporaryDirectory() as scratch:
        trial.sample = _sample(source, found, Path(scratch))
        contract = Contract(schema)
        taker = _Taker(trial, most, schema["properties"], contract.plan.names)
        try:
            read_source(source, found, Gatekeeper(contract, KEY), _nothing_kept, Path(scratch), taker.take)
        except _Enough:
            trial.is_cut = True
    there = set(trial.coverage) | {path for path, _ in trial.states}
    asked = dict.fromkeys(each.field for each in required_at(schema) if not each.domain and not each.category)
    trial.asked = [path for path in asked if path not in there]
    return trial


def _sample(source: Source, found: list[FoundFile], scratch: Path) -> dict[str, list[dict]]:
    readable = (file for file in found if not file.ignored and not file.problem)
    for file in readable:
        try:
            if seen := sample.first(source, file, scratch):
                return protect(seen, None)
        except Fault:
            continue  # the reading itself will say why
    return {}


def _nothing_kept(file: FoundFile) -> FoundFile:
    with files.opened(file.absolute, file.member):
        return file


class _Taker:
    """Rows of a delivery, counted instead of kept."""

    def __init__(self, trial: Trial, most: int, fields: Iterable[str], names: dict[int, str]) -> None:
        self.trial, self.most, self.fields, self.names = trial, most, tuple(fields), names

    def take(self, table: str, row: dict[str, Any]) -> None:
        trial = self.trial
        if table == "incoming":
            if len(trial.records) + trial.set_aside >= self.most:
                raise _Enough
            record = msgspec.json.decode(row["record"])
            in_order = {name: record[name] for name in self.fields if name in record}
            trial.records.append({"path": row["path"], "line": row["line"], "record": in_order})
            trial.ids[row["record_id"]] += 1
            trial.coverage.update(self.names[number] for number in row["field_ids"])
            trial.states.update({(state["field"], state["state"]) for state in row["field_states"]})
        elif table == "faults":
            trial.faults.append(row)
        elif table == "unmapped":
            trial.unmapped[row["field"], row["word"]] += 1
        elif table == "read_now":
            trial.skipped += row["skipped"]
