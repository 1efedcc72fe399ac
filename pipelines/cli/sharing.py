"""Doors for whoever passes records on: readings for several readers, actions to trackers and back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.doors import AsOfOption, JsonOption, ProjectOption, app, door, say

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
    aside = [line for one in found if isinstance(one, SetAside) for line in one.lines()]
    for line in aside:
        say(for_terminal(line))
    return [one for one in found if not isinstance(one, SetAside)], not aside
