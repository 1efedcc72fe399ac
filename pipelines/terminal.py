"""Rows for a terminal or a program. Here: how values are shown. Not here: where they come from."""

from __future__ import annotations

import shutil
import sys
from datetime import date, datetime
from typing import Any

from pipelines.others_words import for_json, for_terminal

# Off a terminal nothing is cut: a file or a pager has no width.
WIDE = 10_000


def rows_as_table(columns: list[str], rows: list[tuple]) -> str:
    """A plain table, `∅` for NULL; at a terminal too narrow for it, one block per row. No colour: it can be piped."""
    columns = list(map(for_terminal, columns))
    shown = [[_shown(value) for value in row] for row in rows]
    needed = sum(2 + max(map(len, column)) for column in zip(columns, *shown, strict=True))
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    if sys.stdout.isatty() and needed > shutil.get_terminal_size().columns:
        return "\n".join([*(_block(columns, row) for row in shown), count])
    return _table(columns, shown) + count


def _block(columns: list[str], row: list[str]) -> str:
    width = max(map(len, columns))
    # a value's own lines stand under it, so that none looks like another column
    under = "\n" + " " * (width + 2)
    pairs = zip(columns, row, strict=True)
    return "".join(f"{name:>{width}}  {under.join(value.split(chr(10)))}\n" for name, value in pairs)


def _table(columns: list[str], rows: list[list[str]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(*(Column(Text(name)) for name in columns), box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(no_color=True, highlight=False, width=WIDE)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def rows_as_json(columns: list[str], rows: list[tuple], about: dict) -> str:
    """One JSON object: `about`, and the rows as objects."""
    objects = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    return for_json(about | {"rows": objects})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _shown(value: Any) -> str:
    return "∅" if value is None else for_terminal(str(_plain(value)))
