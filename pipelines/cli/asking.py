"""Doors to what was published: SQL, ready questions, the past, pages."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.cli.doors import AsOfOption, JsonOption, ProjectOption, app, door, project_settings, say

PANEL = "Ask"

report_app = typer.Typer(no_args_is_help=True, help="Pages, and the query behind each figure.")
app.add_typer(report_app, name="report", rich_help_panel=PANEL)


@report_app.command()
@door
def weekly(
    project: ProjectOption = None,
    week: Annotated[
        str | None, typer.Option(help="An ISO week such as 2026-W46; else the last one that ended.")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one week's page: facts.json, weekly.md, weekly.html."""
    from pipelines.report.page import write_page

    paths = write_page(project_settings(project), week, as_of)
    print(json.dumps([str(path) for path in paths]) if as_json else "\n".join(str(path) for path in paths))


@report_app.command()
@door
def query(
    name: Annotated[str, typer.Argument(help="A query id of the page, such as Q3.")],
    project: ProjectOption = None,
    week: Annotated[str | None, typer.Option(help="An ISO week such as 2026-W46.")] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one figure's SQL and the rows it gives."""
    from pipelines.report.page import query_rows
    from pipelines.terminal import rows_as_json, rows_as_table

    sql, columns, rows = query_rows(project_settings(project), name, week, as_of)
    if as_json:
        print(rows_as_json(columns, rows, {"query": name, "sql": sql}))
    else:
        say(sql.rstrip() + "\n")
        print(rows_as_table(columns, rows))


@app.command(
    rich_help_panel=PANEL, context_settings={"ignore_unknown_options": True}
)  # SQL may begin with a comment: --
@door
def sql(
    statement: Annotated[
        str | None, typer.Argument(help="One SELECT; left out, lines are read from the terminal.")
    ] = None,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    is_list: Annotated[bool, typer.Option("--list", help="Name the ready questions instead.")] = False,
) -> None:
    """Query the published warehouse, read-only."""
    from pipelines import questions, shell

    if is_list:
        there = {one.name: one.question for one in questions.catalogue().values()}
        print(json.dumps(there, ensure_ascii=False) if as_json else questions.listing())
        return
    shell.serve(project_settings(project), statement, as_of, as_json, say)


@app.command("query", rich_help_panel=PANEL)
@door
def query_command(
    name: Annotated[str, typer.Argument(help="A ready question; `faultlines sql --list` names them.")],
    pairs: Annotated[list[str] | None, typer.Option("--set", help="A parameter, such as least_incidents=5.")] = None,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a ready question."""
    from pipelines import shell

    shell.ask(project_settings(project), name, pairs or [], as_of, as_json, say)


@app.command(rich_help_panel=PANEL)
@door
def rank(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="A record's id, such as INC-2026-0158.")],
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a record's hypotheses in the order of their scores, and what would flip it."""
    from pipelines.others_words import for_json
    from pipelines.publish.past import as_known_on
    from pipelines.ranking.read import read
    from pipelines.ranking.screen import as_text

    ranking = read(as_known_on(project_settings(project), as_of, say), record_id)
    print(for_json(ranking.as_dict()) if as_json else as_text(ranking))


@app.command("as-of", rich_help_panel=PANEL)
@door
def as_of_command(
    moment: Annotated[str, typer.Argument(help="Such as 2026-11-16T06:00:00Z, or a day.")],
    project: ProjectOption = None,
) -> None:
    """Build the warehouse as it was known at a moment, into a copy; prints where it is."""
    from pipelines.publish.past import as_known_on

    print(as_known_on(project_settings(project), moment, say))
