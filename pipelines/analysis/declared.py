"""What people say beside the records: names of fault lines, exposures of series. They follow their files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.analysis import exposures, names
from pipelines.warehouse import insert

if TYPE_CHECKING:
    from pipelines.settings import Settings


def declare(con, settings: Settings) -> None:
    """raw.fault_line_names and raw.exposures, as their files say now."""
    names.declare(con, settings)
    exposures.declare(con, settings)


def declare_as_in(con, published) -> None:
    """The same tables as a published warehouse has them: what its run was told, whatever the files say by now."""
    for table, columns in (("raw.fault_line_names", names.DECLARED), ("raw.exposures", exposures.COLUMNS)):
        words = ", ".join(f"{name}::VARCHAR" if kind == "DATE" else name for name, kind in columns.items())
        told = published.execute(f"SELECT {words} FROM {table} ORDER BY ALL").fetchall()
        con.execute(f"DELETE FROM {table}")
        insert(con, table, columns, [dict(zip(columns, row, strict=True)) for row in told])
