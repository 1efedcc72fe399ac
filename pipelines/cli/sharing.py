"""Doors for whoever passes records on: readings for several readers, actions to trackers and back."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.doors import AsOfOption, JsonOption, ProjectOption, app, door, project_settings, say

PANEL = "Share"
What = Annotated[list[str], typer.Argument(help="Record files, folders of them, or ids of published records.")]


class Form(StrEnum):
    """What a reading is written as."""

    md = "md"
    html = "html"


@app.command(rich_help_panel=PANEL)
@door
def read(
    what: What,
    project: ProjectOption = None,
    reader: Annotated[
        str, typer.Option("--for", help="executive, product, technical, operator or risk; else the whole post-mortem.")
    ] = "whole",
    form: Annotated[Form, typer.Option("--format", help="Markdown, or one self-contained HTML file.")] = Form.md,
    out: Annotated[Path | None, typer.Option("--out", help="A folder; left out, one reading goes to stdout.")] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write records for people: the post-mortem whole, or what one kind of reader needs of it."""
    from pipelines.readings import shelf

    _check_reader(reader)
    records, is_whole = _at_hand(what, project, as_of)
    for line in shelf.hand_out(records, reader, form.value, out, as_json):
        print(line)
    if not is_whole:
        raise typer.Exit(1)


def _check_reader(reader: str) -> None:
    from pipelines.readings import catalogue
    from pipelines.settings import SettingsError

    if reader not in (known := catalogue.load().readers):
        raise SettingsError(f"there is no reader {reader!r}; they are {', '.join(known)}")


def _at_hand(what: list[str], project: str | None, as_of: str | None) -> tuple[list[Any], bool]:
    """Records that were named, and whether all could be read; what could not be is said as a compiler would."""
    from pipelines.others_words import for_terminal
    from pipelines.readings.records import SetAside, named

    found = list(named(what, project, as_of, say))
    aside = [line for one in found if isinstance(one, SetAside) for line in one.lines]
    for line in aside:
        say(for_terminal(line))
    return [one for one in found if not isinstance(one, SetAside)], not aside


tickets_app = typer.Typer(no_args_is_help=True, help="Actions out to trackers, and how far their tickets are back in.")
app.add_typer(tickets_app, name="tickets", rich_help_panel=PANEL)


class Tracker(StrEnum):
    """What the file is for."""

    csv = "csv"
    jira = "jira"
    github = "github"


@tickets_app.command("out")
@door
def out_command(
    what: Annotated[
        list[str] | None, typer.Argument(help="Record files, folders or ids; left out, every published record.")
    ] = None,
    tracker: Annotated[Tracker, typer.Option("--for", help="What takes it in.")] = Tracker.csv,
    out: Annotated[Path | None, typer.Option("--out", help="The file; left out, it goes to stdout.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write actions as CSV, or as a file that Jira or GitHub makes new tickets from."""
    from pipelines.tickets import out as outgoing

    records, is_whole = _at_hand(what or [], project, None)
    summary, text = outgoing.file(records, tracker.value)
    if out:
        out.write_text(text, encoding="utf-8", newline="")
    elif not as_json:
        print(text, end="")
    print(json.dumps(summary)) if as_json else say(outgoing.said(summary))
    if not is_whole:
        raise typer.Exit(1)


@tickets_app.command("in")
@door
def in_command(
    export: Annotated[Path, typer.Argument(help="Jira's search or GitHub's issues as JSON, ServiceNow's as CSV.")],
    project: ProjectOption = None,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Show the changes as a diff; write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the state of tickets back into the record files: status, completion date, ticket."""
    from pipelines.ingest.readers.text import printable
    from pipelines.others_words import for_json, for_terminal
    from pipelines.privacy.cleaning import blank, protect
    from pipelines.tickets.back import bring_back, weigh

    settings = project_settings(project)
    result = weigh(settings, export) if is_dry else bring_back(settings, export, say)
    if as_json:
        print(for_json(protect(result.facts(), None)))
    else:
        print(
            for_terminal("\n".join(result.diffs()))
            if is_dry
            else "\n".join(for_terminal(printable(blank(line))) for line in result.lines())
        )
    if result.revised and not is_dry:
        say("next: faultlines run")
    for remark in result.remarks:
        say(for_terminal(printable(blank(f"left alone: {remark}"))))
    if result.remarks:
        raise typer.Exit(1)
