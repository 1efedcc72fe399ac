"""What is set aside now: the faults of the files as they were last read. Here: the two forms of one query.

Not here: the query (queries/set_aside.sql), how faults are found (readers, mapping, validate) and kept (append.sql).
"""

from __future__ import annotations

import duckdb

from pipelines.ingest.readers.text import printable
from pipelines.others_words import for_markdown
from pipelines.settings import ROOT, Settings

OPEN = ROOT / "queries" / "set_aside.sql"


def open_faults(con: duckdb.DuckDBPyConnection, most: int) -> list[tuple]:
    """(source, path, line, column, field, code, message, fix) of at most so many faults."""
    return con.execute(f"SELECT * FROM ({OPEN.read_text()}) LIMIT {most}").fetchall()


def as_table(rows: list[tuple]) -> str:
    """A Markdown table an operator can work down."""
    if not rows:
        return "Nothing is set aside."
    lines = ["| where | field | code | what is wrong | how to mend it |", "|---|---|---|---|---|"]
    for source, path, line, column, field, code, message, fix in rows:
        cells = (f"{source}: {_place(path, line, column)}", field, code, message, fix)
        lines.append("| " + " | ".join(cell(text or "") for text in cells) + " |")
    return "\n".join(lines)


def as_lines(rows: list[tuple], settings: Settings) -> list[str]:
    """Lines as a compiler writes them, with paths from here."""
    lines = []
    for source, path, line, column, field, code, message, fix in rows:
        declared = settings.by_name.get(source)
        where = _place(declared.from_here(path) if declared else f"{source}/{path}", line, column)
        lines.append(printable(f"{where}: {code}{f' {field}' if field else ''}: {message}; {fix}"))
    return lines


def _place(path: str, line: int | None, column: int | None) -> str:
    return ":".join(str(part) for part in (path, line, column) if part is not None)


def cell(text: str) -> str:
    """A text that cannot leave its cell of a Markdown table nor become markup."""
    return for_markdown(printable(text))
