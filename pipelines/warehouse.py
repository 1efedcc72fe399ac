"""Doors to a DuckDB file: one connect, one lock.

Here: opening a warehouse and the lock that lets one run write at a time. Not here: any table.

The lock is ours and not DuckDB's: flock on a file beside the warehouse, taken before connecting and held past close,
so that nobody ever opens and retries (with DuckDB 2.0.0 that lost acknowledged commits; hence `duckdb<2`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb


def literal(value: object) -> str:
    """A value as SQL text. Given a parameter, DuckDB imports pandas (half a second) to ask whether it is its NaT."""
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC).isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if value is None or isinstance(value, (bool, int, float)):
        return "NULL" if value is None else str(value)
    raise TypeError(f"no SQL literal for {type(value).__name__}")


def insert(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: list[dict]) -> None:
    """Append rows to a table that has these columns (name -> type, a list type as `VARCHAR[]`), in one statement.

    As one JSON text: a statement a row takes a millisecond each, and doubles keep every digit in JSON.
    """
    shape = [{name: [kind[:-2]] if kind.endswith("[]") else kind for name, kind in columns.items()}]
    given, typed = literal(json.dumps(rows)), literal(json.dumps(shape))
    con.execute(f"INSERT INTO {table} BY NAME SELECT r.* FROM (SELECT unnest(from_json({given}, {typed})) AS r)")


class Locked(Exception):
    """Another run holds the state folder; the message names its PID. Exit code 3."""


# What DuckDB may hold before it writes to disk, beside the file; a process holds 0.5 GB besides. Without a limit it
# took 19 GB for the first build over a million records (2026-11-25).
MEMORY = "1200MB"
# The oldest DuckDB that can open a warehouse made now. From this one on texts are kept as a dictionary of compressed
# pieces: records take 126 MB instead of 284 per 100,000, and a file is copied and hashed in every run (2026-11-25).
OLDEST_READER = "v1.3.0"


def connect(path: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with the project's settings: UTC, no downloads; threads and memory as FAULTLINES_THREADS (default 2)
    and FAULTLINES_MEMORY (default 1200MB) say."""
    threads, memory = os.environ.get("FAULTLINES_THREADS", "2"), os.environ.get("FAULTLINES_MEMORY", MEMORY)
    config = {"threads": threads, "memory_limit": memory, "storage_compatibility_version": OLDEST_READER}
    con = duckdb.connect(str(path), read_only=read_only, config=config)
    con.execute("SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false")
    return con


_held: set[Path] = set()


@contextmanager
def writing(state: Path, waiting: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the state folder for one writer. `waiting` is told the holder's PID before the wait; None refuses.

    Within one process a second `writing` of the same folder is part of the first: the command line takes the lock
    before it looks for changes, and the Dagster run inside it must not wait for itself.
    """
    if state in _held:
        yield
        return
    state.mkdir(parents=True, exist_ok=True)
    with open(state / "lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            if waiting is None:
                raise Locked(f"the run with PID {holder} is writing {state}") from None
            waiting(holder)
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        _held.add(state)
        try:
            yield
        finally:
            _held.discard(state)
