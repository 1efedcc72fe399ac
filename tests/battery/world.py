"""A project published once whose files have changed since, and what must hold of it whatever happened to a run.

Here: making it, setting it back, and the promises (nothing lost, torn or mixed; the next run ends as a clean one). Not
here: what happens to the run.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest import ledger, store
from pipelines.publish import content, generations
from pipelines.publish.step import snapshot
from pipelines.warehouse import connect, literal
from tests.battery.warm import Warm
from tests.projects import NATIVE, Project, record

MONDAY = "2026-11-16T06:00:00Z"
PAGE = Path("reports", "2026-W46")


@dataclass
class World:
    """`before` and `after` are (content, snapshot) of the first generation and of the second that a clean run makes."""

    project: Project
    kept: Path
    before: tuple[str, str]
    after: tuple[str, str]
    points: list[str]
    seconds: float

    @property
    def home(self) -> Path:
        return self.project.home

    @property
    def state(self) -> Path:
        return self.home / ".faultlines"

    def set_back(self) -> None:
        """The state folder and the reports as after the first generation."""
        for name in (".faultlines", "reports"):
            shutil.rmtree(self.home / name, ignore_errors=True)
            shutil.copytree(self.kept / name, self.home / name, symlinks=True)


def make(folder: Path, warm: Warm) -> None:
    """Two runs: of twelve records, and after an edit, a new one, a removal and a spoilt one; `copied` takes it up."""
    project, kept = Project(folder / "project"), folder / "kept"
    project.declare([NATIVE], keep_generations=1)  # so that the second run prunes, too
    (project.home / ".faultlines").mkdir()
    (project.home / ".faultlines" / "key").write_bytes(b"k" * 32)
    for number in range(12):
        project.write(f"{number}.yml", record(number))
    done = warm.run(project.home, FAULTLINES_NOW=MONDAY)
    assert done.returncode == 0, done.stderr
    before = published(project)
    shutil.copytree(project.home, kept, symlinks=True)
    project.write("3.yml", record(3, title="edited"))
    project.write("new.yml", record(99))
    project.write("bad.yml", "id: [")
    (project.home / "records" / "5.yml").unlink()
    points = folder / "points"
    wrap = ["tests.battery.points:record", str(project.home), str(points)]
    done = warm.run(project.home, wrap=wrap, FAULTLINES_NOW=MONDAY)
    assert done.returncode == 0, done.stderr
    after = published(project)
    assert before != after
    about = {"before": before, "after": after, "points": points.read_text().splitlines(), "seconds": done.seconds}
    (folder / "about.json").write_text(json.dumps(about))


def copied(made: Path, folder: Path) -> World:
    """A world to be changed at will, from what `make` has left in a folder that others copy too."""
    for name in ("project", "kept"):
        shutil.copytree(made / name, folder / name, symlinks=True)
    about = json.loads((made / "about.json").read_text())
    about |= {name: tuple(about[name]) for name in ("before", "after")}
    world = World(Project(folder / "project"), folder / "kept", **about)
    world.set_back()
    return world


def published(project: Project) -> tuple[str, str]:
    """(content, snapshot) of the published warehouse."""
    path, manifest = generations.published(project.settings.state)
    with connect(path, read_only=True) as con:
        return content.overall(con), snapshot(con, manifest["code_version"])


def broken(world: World) -> list[str]:
    """Which promises about what is published do not hold: words of lost, torn, mixed, each with what is wrong."""
    try:
        path, manifest = generations.published(world.state)
    except (generations.StateDamaged, generations.NothingPublished) as error:
        return [f"torn: {error}"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != manifest["warehouse_sha256"]:
        return ["torn: the file is not the manifest's"]
    wrong = []
    with connect(path, read_only=True) as con:
        found = content.overall(con), snapshot(con, manifest["code_version"])
        if found not in (world.before, world.after) or found[1] != manifest["snapshot"]:
            wrong.append("mixed: neither the one generation nor the other")
        for table, rows in manifest["rows"].items():
            parquet = literal(str(path.parent / "parquet" / table / "*.parquet"))
            if con.execute(f"SELECT count(*) FROM read_parquet({parquet})").fetchone() != (rows,):
                wrong.append(f"torn: {table} as Parquet")
        wrong += _lost(con, world.state, manifest["generation"])
    page = json.loads((world.home / PAGE / "facts.json").read_text())["page"]["snapshot"]
    if page not in (world.before[1], world.after[1]):
        wrong.append("mixed: the page speaks of no generation")
    return wrong


def _lost(con, state: Path, generation: int) -> list[str]:
    """What a receipt of a published generation acknowledges and the warehouse or the record store does not hold."""
    held = set(con.execute("SELECT generation, path, record_id, revision_id, outcome FROM raw.receipts").fetchall())
    revisions = {row[0] for row in con.execute("SELECT revision_id FROM raw.revisions").fetchall()}
    wrong = []
    for number in range(1, generation + 1):
        for row in ledger.lines(store.receipts_file(state, number)):
            if "outcome" not in row:
                continue  # the summary, a source or a file
            key = (number, row["path"], row["record_id"], row["revision_id"], row["outcome"])
            if key not in held or (row["outcome"] == "accepted" and row["revision_id"] not in revisions):
                wrong.append(f"lost: {key}")
    for (digest,) in con.execute("SELECT DISTINCT file_sha256 FROM raw.revisions").fetchall():
        kept = store.stored(state, digest)
        if not kept.exists() or hashlib.sha256(kept.read_bytes()).hexdigest() != digest:
            wrong.append(f"lost: {digest} is not in the record store")
    return wrong


def not_clean(world: World) -> list[str]:
    """What differs, after the next run, from where an undisturbed one ends."""
    wrong = broken(world)
    if not wrong and published(world.project) != world.after:
        wrong.append("the content is not a clean run's")
    page = json.loads((world.home / PAGE / "facts.json").read_text())["page"]["snapshot"]
    if page != world.after[1]:
        wrong.append("the page is not of the published generation")
    left = [path.name for path in world.state.rglob("*.tmp")]
    left += [path.name for path in (world.home / PAGE).glob(".*")]
    left += ["work"] if (world.state / "work").exists() else []
    return wrong + [f"left over: {name}" for name in left]
