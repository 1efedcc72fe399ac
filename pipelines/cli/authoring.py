"""Doors for whoever writes a record: what is wrong with it, and what a code means."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.doors import JsonOption, ProjectOption, app, door, say

PANEL = "Write a record"


@app.command(rich_help_panel=PANEL)
@door
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; else the native sources of faultlines.yml.")
    ] = None,
    project: ProjectOption = None,
    stage: Annotated[
        str | None, typer.Option(help="Hold every record to this stage: draft, review, published, verified.")
    ] = None,
    form: Annotated[
        Literal["text", "json", "github"], typer.Option("--format", help="For people, programs, or GitHub's checks.")
    ] = "text",
    is_watching: Annotated[bool, typer.Option("--watch", help="Check again when a file changes; Ctrl-C ends.")] = False,
) -> None:
    """Show what is wrong with records, line by line, and what their next stage asks for."""
    from pipelines.authoring.command import check_once, watch

    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    act = watch if is_watching else check_once
    if act(paths or [], project, stage, form, is_coloured, say):
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
@door
def explain(
    code: Annotated[str, typer.Argument(help="A code of `faultlines check` or of a run, such as PM022.")],
    as_json: JsonOption = False,
) -> None:
    """Tell why a code exists, how to mend what it names, and show an example that fails and one that passes."""
    from pipelines.authoring import codes

    print(codes.as_json(code) if as_json else codes.explained(code))
