"""Doors for whoever writes a record: begin one, see what is wrong, what a code means, and what is missing in all."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.doors import AsOfOption, JsonOption, ProjectOption, app, door, project_settings, say

PANEL = "Write a record"


@app.command(rich_help_panel=PANEL)
@door
def new(
    project: ProjectOption = None,
    title: Annotated[str | None, typer.Option(help="One sentence a stranger understands.")] = None,
    category: Annotated[str | None, typer.Option(help="Which family of incident; decides what is asked.")] = None,
    severity: Annotated[str | None, typer.Option(help="sev1 (worst) to sev4.")] = None,
    scope: Annotated[str | None, typer.Option(help="What was affected, in a sentence or two.")] = None,
    started: Annotated[str | None, typer.Option(help="When the impact began, such as 2026-05-04T06:40Z.")] = None,
    detected: Annotated[str | None, typer.Option(help="When it was noticed.")] = None,
    domain: Annotated[str | None, typer.Option(help="A domain pack, such as finance; may be left out.")] = None,
    stage: Annotated[str, typer.Option(help="The last stage whose prompts are written into the file.")] = "verified",
    pairs: Annotated[list[str] | None, typer.Option("--set", help="What a domain's pack asks: NAME=ANSWER.")] = None,
    identity: Annotated[str | None, typer.Option("--id", help="An id of your own; else the next one.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder; else that of the first source of records.")] = None,
    is_asking: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask for what no option gives.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Begin a post-mortem: a few questions, then a file with prompts for all that later stages ask."""
    from pipelines.authoring.new import write
    from pipelines.questions import values

    options = {
        "title": title, "category": category, "severity": severity, "scope": scope, "started": started,
        "detected": detected, "domain": domain,
    }  # fmt: skip
    given = {name: answer for name, answer in options.items() if answer is not None} | values(pairs or [])
    can_ask = is_asking and sys.stdin.isatty()
    try:
        written = write(project_settings(project), given, stage, out, identity, _ask if can_ask else None, say)
    except EOFError as end:
        say("\nnothing was written")
        raise typer.Abort from end
    print(json.dumps({"path": str(written.path), "remarks": written.remarks}) if as_json else written.path)
    for remark in written.remarks:
        say(remark)
    say(f"next: faultlines check {written.path}")


def _ask(prompt: str) -> str:
    """A line from the person; at a whole terminal with the keys of readline, else with nothing but data on stdout."""
    if sys.stdout.isatty():
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # without it an arrow key is three characters of the answer
        return input(prompt)
    print(prompt, end="", file=sys.stderr, flush=True)
    return input()


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
    from pipelines.checking.command import check_once, watch

    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    act = watch if is_watching else check_once
    if act(paths or [], project, stage, form, is_coloured, say):
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
@door
def explain(
    what: Annotated[
        str, typer.Argument(help="A code of `faultlines check` or of a run, such as PM022, or a field: triggers.code.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Tell why a code exists and how to mend what it names, with examples; or what a field is for, and its words."""
    from pipelines.checking import codes, fields

    teller = codes if fields.is_code(what) else fields
    print(teller.as_json(what) if as_json else teller.explained(what))


@app.command(rich_help_panel=PANEL)
@door
def gaps(
    by: Annotated[str, typer.Option(help="A row for each field, team, category or stage.")] = "field",
    stage: Annotated[str, typer.Option(help="Records of this stage alone.")] = "all",
    category: Annotated[str, typer.Option(help="Records of this category alone.")] = "all",
    team: Annotated[str, typer.Option(help="Records this team took part in or owns a cause of.")] = "",
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what published records lack of what their stage, or the next, asks for: `faultlines query gaps`."""
    from pipelines import shell

    asked = {"grouped_by": by, "only_stage": stage, "only_category": category, "only_team": team}
    options = {"grouped_by": "--by", "only_stage": "--stage", "only_category": "--category", "only_team": "--team"}
    pairs = [f"{name}={value}" for name, value in asked.items()]
    shell.ask(project_settings(project), "gaps", pairs, as_of, as_json, say, options)
