"""The published tables as Parquet, beside the warehouse: a folder for each, in parts that change with their rows only.

    parquet/marts.incidents/03-5f0c….parquet     the fourth part, named by what is in it

A part holds the records of one share of the ids, so that one new record changes one part of a table and not a million
rows; what the last generation already wrote is linked and not written again. To write all of a million records took 22
CPU-s in each run, to look at them takes 3 (2026-11-25). Here: parts and names. Not here: which tables are published.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from pipelines.warehouse import literal

PART_ROWS = 100_000
ONE = "0"  # the part of a table that has only one


def write(con: duckdb.DuckDBPyConnection, table: str, folder: Path, last: Path) -> int:
    """Write `table` into `folder`, its rows sorted within each part; returns how many. `last` may hold its parts of
    the last generation, or not exist."""
    folder.mkdir()
    shape = con.table(table)
    columns = ", ".join(f'"{column}"' for column in shape.columns)
    share = _share(con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] if "record_id" in shape.columns else 0)
    # the name changes with the columns too: a part without rows still says which there are
    named = literal(f"{columns} {shape.types}")
    parts = con.execute(
        f"SELECT {share}, count(*), (coalesce(sum(hash({columns})::HUGEINT), 0) + hash({named})) & {2**64 - 1} "
        f"FROM {table} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for part, _, fingerprint in parts:
        name = f"{part:02d}-{fingerprint:016x}.parquet"
        if (last / name).exists():
            os.link(last / name, folder / name)
        else:
            rows = f"FROM {table} WHERE {share} = {part} ORDER BY ALL"
            con.execute(f"COPY ({rows}) TO {literal(str(folder / name))}")
    return sum(count for _, count, _ in parts)


def _share(rows: int) -> str:
    """SQL: which part a row is in. A power of two, so that a growing table is cut anew as seldom as can be."""
    parts = 1
    while rows > parts * PART_ROWS:
        parts *= 2
    return ONE if parts == 1 else f"(hash(record_id) % {parts})::INTEGER"
