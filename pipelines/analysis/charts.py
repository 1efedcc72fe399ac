"""Data for pictures: the limits of XmR and days-between charts, all in SQL (charts.sql)."""

from __future__ import annotations

from pathlib import Path

from pipelines.analysis import tables

LIMITS = Path(__file__).with_name("charts.sql")


def write(con) -> int:
    """analysis.process_charts from marts.category_weeks and marts.incidents; gives the number of rows."""
    table = tables.create(con, "process_charts")
    con.execute(LIMITS.read_text(encoding="utf-8"))
    return con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
