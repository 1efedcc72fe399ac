"""Dagster's run log on SQLite, without waiting for the disk at every event.

Dagster opens and closes a connection for each event, 260 a run and up to three databases each. Closing the last
connection of a database checkpoints and syncs it: 3 of a run's 15 s. While one connection of ours stays open, there is
no last one until the run ends; and with WAL and synchronous = NORMAL a power cut can lose the log's last lines, never
corrupt it. The warehouse does not depend on it: its own syncs are in publish/.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_open() -> Iterator[None]:
    """Hold every SQLite database that SQLAlchemy opens meanwhile open until the end."""
    from sqlalchemy import Engine, event

    keepers: dict[str, sqlite3.Connection] = {}

    def keep(connection: object, _: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("PRAGMA synchronous = NORMAL")
        (_, _, file), *_ = connection.execute("PRAGMA database_list").fetchall()
        if file and file not in keepers and connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            keepers[file] = sqlite3.connect(file, check_same_thread=False)
            keepers[file].execute("SELECT count(*) FROM sqlite_master").fetchone()

    event.listen(Engine, "connect", keep)
    try:
        yield
    finally:
        event.remove(Engine, "connect", keep)
        for keeper in keepers.values():
            keeper.close()
