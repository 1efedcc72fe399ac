"""How long it takes: Kaplan–Meier curves, all in SQL (survival.sql), since they need no special function."""

from __future__ import annotations

from pathlib import Path

from pipelines.analysis import tables

CURVES = Path(__file__).with_name("survival.sql")


def write(con) -> int:
    """analysis.survival from the actions and, for recurrences, what prevention.sql left; gives the number of rows."""
    table = tables.create(con, "survival")
    con.execute(CURVES.read_text(encoding="utf-8"))
    return con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
