"""Random histories of records, many side by side in one project: what a change reaches against everything made anew.

Each history is a handful of records of its own and a random thing done to one of them at each step: added, edited (with
a revision number or without), taken back, removed, returned, moved, copied, contradicted, delivered late, broken,
mended, called a recurrence of another. The histories share the clock and the runs, because a run costs seconds whatever
it holds. Here: what is done to files, and the steps of a run without Dagster. Not here: what must be equal
(test_reached.py).
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines import models, warehouse
from pipelines.analysis import steps
from pipelines.ingest.find import code_version, find, fingerprint
from pipelines.ingest.run import ingest
from pipelines.publish import content, generations
from pipelines.quality import gate
from tests.projects import NATIVE, Project, record

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
TRUSTED = NATIVE | {"name": "trusted", "glob": "trusted/**/*", "trusted_times": True}
TEAMS = ("Search", "search ", "Data Platform", "Ranking")


class History:
    """One history: its records, the files that hold them, and what may befall them."""

    def __init__(self, home: Path, number: int, seed: int) -> None:
        self.home, self.number, self.dice = home, number, random.Random(f"{seed} {number}")
        self.revisions: dict[str, int] = {}
        self.files: dict[Path, dict] = {}

    def step(self, now: datetime) -> None:
        """One thing happens, or two, or nothing."""
        for _ in range(self.dice.choice((0, 1, 1, 1, 2))):
            deeds = (self.add, self.edit, self.edit, self.late, self.remove, self.move, self.copy, self.spoil)
            self.dice.choice(deeds if self.files else (self.add,))(now)

    def add(self, now: datetime) -> None:
        name = f"H{self.number:03d}-{len(self.revisions)}"
        self.revisions[name] = 1
        self._put(self._path(name), self._record(name, now))

    def edit(self, now: datetime) -> None:
        path, held = self._one()
        self.revisions[held["id"]] += 1
        self._put(path, self._record(held["id"], now))

    def late(self, now: datetime) -> None:
        """An older revision, or another text of the same one, in a file of its own."""
        _, held = self._one()
        older = self._record(held["id"], now - timedelta(days=self.dice.randint(1, 9)))
        older["revision"] = max(1, self.revisions[held["id"]] - self.dice.randint(0, 1))
        self._put(self._path(f"{held['id']}-late{self.dice.randint(0, 2)}"), older)

    def remove(self, now: datetime) -> None:
        path, _ = self._one()
        path.unlink()
        del self.files[path]

    def move(self, now: datetime) -> None:
        path, held = self._one()
        self.copy(now, path, held)
        path.unlink(missing_ok=True)
        self.files.pop(path, None)

    def copy(self, now: datetime, path: Path | None = None, held: dict | None = None) -> None:
        if held is None:
            _, held = self._one()
        self._put(self._path(f"{held['id']}-copy{self.dice.randint(0, 9)}"), held)

    def spoil(self, now: datetime) -> None:
        """The file is broken off; whatever is next done to it mends it."""
        path, _ = self._one()
        path.write_text(path.read_text()[: self.dice.randint(1, 80)])

    def _one(self) -> tuple[Path, dict]:
        return self.dice.choice(sorted(self.files.items(), key=lambda held: str(held[0])))

    def _path(self, name: str) -> Path:
        return self.home / self.dice.choice(("records", "trusted")) / f"{name}.json"

    def _put(self, path: Path, held: dict) -> None:
        self.files[path] = held
        path.write_text(json.dumps(held))

    def _record(self, name: str, now: datetime) -> dict:
        dice, others = self.dice, sorted(self.revisions)
        day = f"{now:%Y-%m}-{dice.randint(1, 28):02d}"
        parts = {
            "revision": self.revisions[name],
            "recorded_at": (now - timedelta(hours=dice.randint(0, 40))).isoformat(),
            "stage": dice.choice(("draft", "review")),
            "scope": {"summary": f"Requests {dice.randint(0, 9)}", "services": ["checkout"]},
            "timeline": [{"at": f"{day}T05:00Z", "event": "seen"}][: dice.randint(0, 1)],
            "actions": [
                {"id": "A1", "title": "check", "status": dice.choice(("accepted", "done")), "owner_team": team,
                 "due_on": day, "verify_on": [day]}
                for team in dice.sample(TEAMS, dice.randint(0, 1))
            ],
            "root_causes": [{"id": "RC1", "code": "bad_deploy", "description": "x"}][: dice.randint(0, 1)],
            "related": [{"id": dice.choice(others), "relation": "recurrence"}][: dice.randint(0, 1)],
            "severity": dice.choice(("sev1", "sev2", "unknown")),
        }  # fmt: skip
        parts = {key: part for key, part in parts.items() if part != []}
        if dice.random() < 0.3:
            del parts["revision"]
        return record(dice.randint(0, 400), id=name, title=f"{name} {dice.randint(0, 3)}", **parts)


def project(home: Path) -> Project:
    """An empty project with a source that is believed its times and one that is not."""
    made = Project(home)
    (home / "trusted").mkdir()
    made.declare([NATIVE, TRUSTED], keep_generations=1)
    return made


def run(made: Project, now: datetime, is_full: bool) -> dict[str, str]:
    """One run without Dagster, gate and page; the content of what it published."""
    chosen = made.settings
    attempt = generations.begin(chosen, now, fingerprint(chosen, find(chosen)), is_full)
    with warehouse.connect(chosen.warehouse) as con:
        ingest(con, chosen, attempt)
        gate.apply_rules(con, attempt.is_full)
    models.build(chosen.state, attempt.is_full)
    with warehouse.connect(chosen.warehouse) as con:
        steps.all_of(con)
        found = content.hashes(con)
    facts = {"as_of": attempt.received_at.isoformat(), "code_version": code_version()}
    generations.publish(chosen, attempt, facts)
    return found
