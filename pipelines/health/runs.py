"""Dagster runs that stand as started though their process is dead: found by doctor, marked as failed by the next run.

Each run that is at work carries a tag with its process. Here: the tag, and telling who lives. Not here: marking
runs (run_history.py).
Doctor reads Dagster's SQLite file itself (its tables `runs` and `run_tags`; the version is pinned), because importing
Dagster takes 3 s.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines import clock
from pipelines.health import Finding, bad, good

# with Dagster's own prefix of tags that its UI does not show
TAG = ".dagster/faultlines_process"
AT_WORK = ("STARTING", "STARTED", "CANCELING")
# 2026-11-25: of a run without the tag only its age tells; one is tagged when its first resource is made, after seconds
UNTAGGED = timedelta(minutes=10)
STANDING = f"""
SELECT run_id, pipeline_name, create_timestamp, (SELECT value FROM run_tags AS t WHERE t.run_id = r.run_id AND key = ?)
FROM runs AS r WHERE status IN {AT_WORK} ORDER BY id"""
MOST_NAMED = 3


@dataclass(frozen=True)
class Ghost:
    """A run that ended without saying so."""

    run_id: str
    job: str
    created: str


def process() -> str:
    """This process, told from a later one with the same PID by the moment at which it began."""
    return f"{os.getpid()} {_began(os.getpid())}"


def ghosts(home: Path) -> list[Ghost]:
    """The dead runs in this DAGSTER_HOME that Dagster shows as being at work."""
    file = home / "history" / "runs.db"
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
        if not con.execute("SELECT 1 FROM sqlite_master WHERE name = 'run_tags'").fetchone():
            return []
        return [Ghost(*row[:3]) for row in con.execute(STANDING, [TAG]) if is_dead(_at(row[2]), row[3])]


def findings(state: Path) -> Iterator[Finding]:
    """Whether any run is one of those."""
    try:
        dead = ghosts(state / "dagster")
    except sqlite3.DatabaseError as error:
        fix = f"move {state / 'dagster'} away: the history of runs is lost, no record is"
        yield bad("dagster runs", f"their history cannot be read: {error}", fix)
        return
    if dead:
        named = ", ".join(f"{ghost.job} {ghost.run_id[:8]} of {ghost.created[:16]}" for ghost in dead[:MOST_NAMED])
        fix = "nothing is lost; the next `faultlines run` that finds something new marks them as failed"
        yield bad("dagster runs", f"{len(dead)} stand as started, but their process is dead: {named}", fix)
    else:
        yield good("dagster runs", "none that is dead stands as started")


def is_dead(created: datetime, tag: str | None) -> bool:
    """Whether the process of a run under way is gone: by its tag, and without one by its age."""
    if tag:
        pid, _, began = tag.partition(" ")
        return _began(int(pid)) != began
    return created < clock.now() - UNTAGGED


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _began(pid: int) -> str:
    """When a process began, in ticks since the machine did; nothing for one that is dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if stat[0] in "ZX" else stat[19]
