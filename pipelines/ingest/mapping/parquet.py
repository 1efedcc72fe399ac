"""Parquet files, which DuckDB reads itself: their columns keep their types, and a row's line is its number.

Here: the calls. Not here: which rows make a record (rows.py).
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping.tables import quoted, theirs
from pipelines.warehouse import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def at_hand(file: FoundFile, scratch: Path) -> FoundFile:
    """The file as one of its own: DuckDB opens no member of a zip, so that one is written out under its hash."""
    if file.member is None:
        return file
    copy = scratch / f"{hashlib.sha256(file.path.encode()).hexdigest()}.parquet"
    with files.opened(file.absolute, file.member) as stream, open(copy, "wb") as out:
        shutil.copyfileobj(stream, out)
    return replace(file, absolute=copy, member=None)


def columns(con: DuckDBPyConnection, file: FoundFile) -> dict[str, str]:
    """Its columns and their types; Fault where it is no Parquet."""
    return {name: kind for name, kind, *_ in _execute(con, f"DESCRIBE FROM {_reading(file)}")}


def load(con: DuckDBPyConnection, file: FoundFile) -> None:
    """Its rows into `_read`; a column the file lacks is NULL."""
    renamed = ", ".join(f"{quoted(name)} AS {quoted(theirs(name))}" for name in columns(con, file))
    _execute(
        con,
        # not `item AS line`: a column of the file that is called item would be meant
        "INSERT INTO _read BY NAME SELECT (file_row_number + 1)::INTEGER AS item, "
        f"(file_row_number + 1)::INTEGER AS line, {renamed} "
        f"FROM read_parquet({literal(str(file.absolute))}, file_row_number = true)",
    )


def _reading(file: FoundFile) -> str:
    return f"read_parquet({literal(str(file.absolute))})"


def _execute(con: DuckDBPyConnection, sql: str) -> list[tuple]:
    import duckdb

    try:
        return con.execute(sql).fetchall()
    except duckdb.Error as error:
        message = f"is no Parquet that can be read: {str(error).splitlines()[0]}"
        raise Fault("PM064", message, "write it again, with the columns of its fellows") from error
