"""Records checked as a run would check them: read, held against the contract, loaded, judged by the rules; in memory.

Here: the order of ingestion's and the gate's own steps, and their findings as `Problem`s. Not here: any rule or shape,
which files (ingest/chosen.py), how problems look (screen.py). Nothing is written but into a folder that is gone
afterwards.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from pipelines import clock, warehouse
from pipelines.checking.next_stage import NextStage, asked_next
from pipelines.checking.places import Written
from pipelines.contract import bundle
from pipelines.contract.asked import stages
from pipelines.ingest import load
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.chosen import Chosen
from pipelines.ingest.deliver import deliver
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.validate import Contract
from pipelines.publish.generations import Attempt
from pipelines.quality import record_quality, rules
from pipelines.settings import SettingsError, Source

ERROR, WARNING = "error", "warning"
Key = tuple[str, str]  # of a file: its source's name, its path in the source


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with one record or file: a fault of shape or syntax, or a broken rule.

    `line` and `column` count from 1, None where the file has no lines; `field` is a path such as `actions[0].due_on`.
    """

    file: Key
    line: int | None
    column: int | None
    code: str
    field: str | None
    severity: str
    message: str
    fix: str
    record_id: str | None


@dataclass
class Checked:
    """What one check found. `files`: every file looked at; `clean`: a text of theirs as nobody's secret."""

    files: dict[Key, tuple[Source, FoundFile]]
    clean: Callable[[str], str]
    records: int = 0
    problems: list[Problem] = field(default_factory=list)
    next_stages: list[NextStage] = field(default_factory=list)

    def count(self, severity: str) -> int:
        return sum(problem.severity == severity for problem in self.problems)


class HeldTo(Gatekeeper):
    """The gate, with every record held to one stage; a stage that is none of ours stays, and is refused."""

    def __init__(self, contract: Contract, stage: str) -> None:
        super().__init__(contract, secrets.token_bytes(32))
        self.stage, self.stages = stage, stages(contract.schema)

    def admit(
        self, source: Source, record: Any, positions: Callable[[], dict]
    ) -> Admitted | tuple[list[Fault], str | None]:
        if isinstance(record, dict) and (record.get("stage") or self.stage) in self.stages:
            record = record | {"stage": self.stage}
        return super().admit(source, record, positions)


def check(chosen: Chosen, stage: str | None = None, is_whole: bool = False) -> Checked:
    """Every problem of every record in these files, by file and line.

    `stage`: hold each record to this one instead of its own; SettingsError for one that the contract does not have.
    `is_whole`: all records of the project are among them; else rules that look for other records are left out.
    """
    schema = bundle.load()
    if stage and stage not in stages(schema):
        raise SettingsError(f"no stage {stage!r}; there are {', '.join(stages(schema))}")
    contract = Contract(schema)
    keeper = HeldTo(contract, stage) if stage else Gatekeeper(contract, secrets.token_bytes(32))
    files = {(source.name, file.path): (source, file) for source, found in chosen for file in found}
    checked = Checked(files, keeper.clean)
    with tempfile.TemporaryDirectory() as folder, warehouse.connect(Path(":memory:")) as con:
        sections = load.prepare(con, schema)
        delivery = deliver([s for s, _ in chosen], keeper, _as_it_is, Path(folder), [f for _, f in files.values()], [])
        load.load(con, schema, sections, delivery, Attempt(1, clock.now(), "a check publishes nothing"))
        record_quality.apply(con, _judging(is_whole))
        (checked.records,) = con.execute("SELECT count(*) FROM raw.receipts").fetchone()
        checked.problems = sorted([*_faults(con), *_findings(con, files)], key=_by_place)
        checked.next_stages = _next_stages(con, schema, checked.problems)
    return checked


def _as_it_is(file: FoundFile) -> FoundFile:
    """In place of the record store: a check keeps nothing."""
    return file


def _judging(is_whole: bool) -> rules.Catalogue:
    catalogue = rules.load()
    known = tuple(rule for rule in catalogue.rules if is_whole or rule.depends_on != "other_records")
    return replace(catalogue, rules=known)


def _by_place(problem: Problem) -> tuple:
    return *problem.file, problem.line or 0, problem.column or 0, problem.code, problem.field or ""


def _faults(con: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """What a run would set aside, in its words."""
    rows = con.execute('SELECT source, path, line, "column", code, field, message, fix, record_id FROM raw.quarantine')
    for source, path, line, column, code, field_name, message, fix, record_id in rows.fetchall():
        yield Problem((source, path), line, column, code, field_name, ERROR, message, fix, record_id)


def _findings(con: duckdb.DuckDBPyConnection, files: dict[Key, tuple[Source, FoundFile]]) -> Iterator[Problem]:
    """Broken rules, each at the line of its field in every file that holds the record."""
    rows = con.execute(
        "SELECT carried.source, carried.path, carried.line, found.record_id, rule, found.field, found.severity, "
        "found.message, fix FROM quality.findings AS found JOIN quality.rules USING (rule) "
        "JOIN raw.carriage AS carried USING (revision_id) ORDER BY ALL"
    ).fetchall()
    for file, found in groupby(rows, key=lambda row: row[:2]):
        written = Written(*files[file])
        for _, _, line, record_id, rule, field_name, severity, message, fix in found:
            place = written.place(line, record_id, field_name)
            yield Problem(file, *place, rule, field_name, severity, message, fix, record_id)


def _next_stages(con: duckdb.DuckDBPyConnection, schema: dict, problems: list[Problem]) -> list[NextStage]:
    """What the next stage asks of each record that has no error."""
    wrong = {(problem.file, problem.record_id) for problem in problems if problem.severity == ERROR}
    rows = con.execute(
        "SELECT carried.source, carried.path, record FROM raw.carriage AS carried "
        "JOIN raw.revisions USING (revision_id) ORDER BY carried.source, carried.path, carried.line"
    ).fetchall()
    records = (((source, path), msgspec.json.decode(written)) for source, path, written in rows)
    return asked_next(((file, one) for file, one in records if (file, one["id"]) not in wrong), schema)
