"""Doors for whoever writes a record: begin one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.doors import ProjectOption, app, door, project_settings, say

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
    print(written.path)
    for remark in written.remarks:
        say(remark)
    say(f"next: faultlines check {written.path}")


def _ask(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    return input()
