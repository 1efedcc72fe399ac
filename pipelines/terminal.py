"""Rows for a terminal or a program. Here: how values are shown. Not here: where they come from."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import Any

# Off a terminal nothing is cut: a file or a pager has no width.
WIDE = 10_000


def rows_as_table(columns: list[str], rows: list[tuple]) -> str:
    """A plain table, `∅` for NULL; no colour, so that it can be piped."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    width = None if sys.stdout.isatty() else WIDE
    console = Console(no_color=True, highlight=False, width=width)
    with console.capture() as captured:
        console.print(table)
    return captured.get() + f"{len(rows)} row{'' if len(rows) == 1 else 's'}"


def rows_as_json(columns: list[str], rows: list[tuple], about: dict) -> str:
    """One JSON object: `about`, and the rows as objects."""
    objects = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    return json.dumps(about | {"rows": objects}, ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _shown(value: Any) -> str:
    return "∅" if value is None else str(_plain(value))
