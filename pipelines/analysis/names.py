"""What people call fault lines: from the file of names into the warehouse, and which of them are lines now.

Here: reading the file, raw.fault_line_names (as declared) and analysis.fault_line_names (held against the lines found).
Not here: finding lines (lines.py). A name whose line is gone stays: the line may come back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.analysis import tables
from pipelines.warehouse import insert

if TYPE_CHECKING:
    from pipelines.settings import Settings

DECLARED = dict.fromkeys(("line_id", "name", "owner_team", "note"), "VARCHAR")


def load(file: Path) -> tuple[dict, ...]:
    """The entries of a file of names, in its order; SettingsError names file and line of what is wrong."""
    from pipelines.settings import SettingsError, checked

    written, positions = checked(file, "fault_line_names.schema.json")
    seen = set()
    for n, entry in enumerate(written["fault_lines"]):
        if entry["id"] in seen:
            line, _ = positions()["fault_lines", n, "id"]
            raise SettingsError(f"{file}:{line}: fault_lines[{n}].id: {entry['id']} has a name already; keep one")
        seen.add(entry["id"])
    return tuple(written["fault_lines"])


def declare(con, settings: Settings) -> None:
    """raw.fault_line_names: what the file says now."""
    con.execute("DELETE FROM raw.fault_line_names")
    rows = [{"line_id" if key == "id" else key: value for key, value in one.items()} for one in settings.line_names]
    insert(con, "raw.fault_line_names", DECLARED, [dict.fromkeys(DECLARED) | row for row in rows])


def write(con) -> int:
    """analysis.fault_line_names from the names declared and the lines found; gives the number of rows."""
    table = tables.create(con, "fault_line_names")
    con.execute(f"""
        INSERT INTO {table} BY NAME
        SELECT *, line_id IN (SELECT line_id FROM analysis.fault_lines) AS is_found
        FROM raw.fault_line_names ORDER BY line_id
    """)
    return con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
