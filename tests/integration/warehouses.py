"""Warehouses over simulated organisations, built once a session each.

Here: building, by a whole run or by the steps that make tables. Not here: assertions, and no peeking into the plan.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines import clock, models, questions, settings
from pipelines.analysis import steps
from pipelines.ingest.run import ingest
from pipelines.publish import generations
from pipelines.publish.generations import Attempt
from pipelines.quality import gate
from pipelines.warehouse import connect
from tests.battery.warm import Warm
from tests.unit.simulated import Organisation


@dataclass(frozen=True)
class Simulated:
    """An organisation and the warehouse over its records."""

    organisation: Organisation
    con: duckdb.DuckDBPyConnection

    @classmethod
    def published(cls, home: Path) -> Simulated:
        """What `by_a_run` has made in this folder."""
        organisation = Organisation(home / "organisation")
        path, _ = generations.published(settings.load(organisation.folder / "faultlines.yml").state)
        return cls(organisation, connect(path, read_only=True))

    @property
    def truth(self) -> dict:
        return self.organisation.truth

    def answer(self, name: str, **given: object) -> list[dict]:
        """The rows of a ready question as dictionaries."""
        statement = questions.named(name).with_values({key: str(value) for key, value in given.items()})
        cursor = self.con.execute(statement)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def cli(home: Path, *words: str, moment: str, stdin: str | None = None) -> subprocess.CompletedProcess:
    """The command line over a project, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *words, "--project", str(home)],
        env=os.environ | {"FAULTLINES_NOW": moment},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )


def by_a_run(home: Path, seed: int, warm: Warm) -> None:
    """As a user makes it: `faultlines run`, gate and page included; `Simulated.published` opens it."""
    organisation = Organisation.written(home / "organisation", seed=seed)
    done = warm.run(organisation.folder, FAULTLINES_NOW=organisation.truth["as_of"])
    assert done.returncode == 0, done.stderr


def by_its_steps(home: Path, seed: int, is_null: bool) -> Simulated:
    """Without gate, publication and page: a third of the time."""
    organisation = Organisation.written(home / "organisation", seed=seed, is_null=is_null)
    chosen = replace(settings.load(organisation.folder / "faultlines.yml"), state=home / "state")
    return Simulated(organisation, by_steps(chosen, clock.parse(organisation.truth["as_of"])))


def by_steps(chosen: settings.Settings, moment: datetime) -> duckdb.DuckDBPyConnection:
    """Raw tables, rules, models and analysis over what the settings declare; read-only."""
    chosen.work.mkdir(parents=True)
    with connect(chosen.warehouse) as con:
        ingest(con, chosen, Attempt(1, moment, "test"))
        gate.apply_rules(con)
    models.build(chosen.state)
    with connect(chosen.warehouse) as con:
        steps.all_of(con)
    return connect(chosen.warehouse, read_only=True)
