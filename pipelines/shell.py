"""The analyst's door: DuckDB's shell, one statement or a ready question, over the published warehouse, read-only."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines import questions
from pipelines.ingest.readers.text import SURROGATE
from pipelines.publish.past import as_known_on
from pipelines.settings import Settings, SettingsError
from pipelines.terminal import rows_as_json, rows_as_table
from pipelines.warehouse import connect

# Reading the warehouse is all this door is for: without this, COPY could write any file, the state folder's included.
SEALED = "SET TimeZone = 'UTC'; SET enable_external_access = false; SET lock_configuration = true;"


def serve(
    settings: Settings, statement: str | None, as_of: str | None, as_json: bool, say: Callable[[str], None]
) -> None:
    """Run one statement (given, or piped in) and print its rows; at a terminal become DuckDB's shell (exec)."""
    path = as_known_on(settings, as_of, say)
    if statement is None and not sys.stdin.isatty():
        statement = sys.stdin.read()
    if statement is None:
        ready = f"ready questions, each run by `faultlines query NAME`:\n{questions.listing()}"
        say(f"{ready}\n\nread-only: {path}\ntables: marts.*, analysis.*, quality.*, raw.*; .quit ends")
        program = str(Path(sys.executable).with_name("duckdb"))
        os.execv(program, [program, "-readonly", "-cmd", SEALED, str(path)])
    columns, rows = rows_of(path, statement)
    print(rows_as_json(columns, rows, {}) if as_json else rows_as_table(columns, rows))


def ask(
    settings: Settings, name: str, pairs: list[str], as_of: str | None, as_json: bool, say: Callable[[str], None],
    options: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Run a ready question with the values set for it and print its rows; `options` as `questions.about` has them."""
    question, given = questions.named(name), questions.values(pairs)
    statement = question.with_values(given)
    columns, rows = rows_of(as_known_on(settings, as_of, say), statement)
    if as_json:
        asked = {one.name: given.get(one.name, one.value) for one in question.parameters.values()}
        head = {"name": name, "question": question.question, "asked": asked, "sql": statement}
        print(rows_as_json(columns, rows, head))
    else:
        say(questions.about(question, given, options) + "\n")
        print(rows_as_table(columns, rows))


def rows_of(path: Path, statement: str) -> tuple[list[str], list[tuple]]:
    """Column names and rows of one statement over a warehouse file, sealed."""
    if SURROGATE.search(statement):  # bytes of the command line that are no text
        raise SettingsError("the statement is not UTF-8")
    with connect(path, read_only=True) as con:
        con.execute(SEALED)
        try:
            if len(con.extract_statements(statement)) != 1:
                raise SettingsError("one statement at a time")
            answer = con.execute(statement)
            return [column[0] for column in answer.description or ()], answer.fetchall()
        except duckdb.Error as error:
            raise SettingsError(str(error)) from error
