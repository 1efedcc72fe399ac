"""Doors to the pipeline: run it, look after what it keeps, watch it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from pipelines.cli.doors import JsonOption, ProjectOption, app, door, project_settings, say

PANEL = "Operate"
WaitOption = Annotated[bool, typer.Option(help="Wait for another run to end; --no-wait exits 3 and names its PID.")]


@app.command(rich_help_panel=PANEL)
@door
def run(
    project: ProjectOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when a record is in quarantine.")] = False,
    is_full: Annotated[
        bool, typer.Option("--full", help="Judge and model every record anew, not only what a change reaches.")
    ] = False,
    wait: WaitOption = True,
    as_json: JsonOption = False,
) -> None:
    """Read what changed, check it, model it, publish it whole, and write the weekly page."""
    from pipelines import headless

    outcome = headless.run(project_settings(project), say, wait, is_full)
    print(json.dumps(outcome.facts(), sort_keys=True) if as_json else outcome.text())
    sys.stdout.flush()
    if outcome.is_new:
        headless.name_words(outcome.settings, say)
    if outcome.quarantined:
        headless.name_faults(outcome.settings, say)
        if strict:
            raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
@door
def doctor(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Look at packages, disk, lock, dead runs, key, published files and receipts, and say what to do."""
    from pipelines import health

    _show(health.examine(project_settings(project)), as_json)


@app.command(rich_help_panel=PANEL)
@door
def verify(
    project: ProjectOption = None,
    is_deep: Annotated[bool, typer.Option("--deep", help="Build the warehouse again and compare its content.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read every byte kept: record store, receipts and warehouse must agree."""
    from pipelines.health import proof

    _show(proof.verify(project_settings(project), is_deep, say), as_json)


def _show(findings: Iterable[Any], as_json: bool) -> None:
    shown = []
    for finding in findings:
        shown.append(finding)
        if not as_json:
            print(finding, flush=True)
    if as_json:
        print(json.dumps([finding.row() for finding in shown]))
    if any(not finding.is_good for finding in shown):
        raise typer.Exit(3)


@app.command("rebuild", rich_help_panel=PANEL)
@door
def rebuild_command(
    project: ProjectOption = None,
    wait: WaitOption = True,
    as_json: JsonOption = False,
) -> None:
    """Make the warehouse anew from record store, receipts and key, check it, and publish it."""
    from pipelines.rebuild import rebuild

    made = rebuild(project_settings(project), say, wait)
    for remark in made["remarks"]:
        say(remark)
    print(json.dumps(made) if as_json else f"generation {made['generation']} published, known as of {made['as_of']}")


@app.command(rich_help_panel=PANEL)
@door
def forget(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="The record, as marts.incidents names it.")],
    project: ProjectOption = None,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: WaitOption = True,
    as_json: JsonOption = False,
) -> None:
    """Erase one record, every revision of it, for good; its id is refused from then on."""
    from pipelines import forget as erasure

    settings = project_settings(project)
    found = erasure.held(settings, record_id)
    if not is_sure:
        what = f"Erase {record_id}, {len(found.content_hashes)} contents of it, and every earlier generation, for good?"
        typer.confirm(what, abort=True, err=True)
    made = erasure.forget(settings, record_id, say, wait)
    if as_json:
        print(json.dumps(made))
        return
    print(f"{record_id} is forgotten; generation {made['generation']} is published without it")
    for week in made["pages"]:
        print(
            f"deleted because it named it: the page of {week}; `faultlines report weekly --week {week}` writes it anew"
        )
    say("your own files and backups may still hold it: " + ", ".join(path for _, path in made["places"]))


@app.command(rich_help_panel=PANEL)
@door
def ui(
    project: ProjectOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 3000,
    host: Annotated[str, typer.Option(help="Where it listens; another than loopback needs --expose.")] = "127.0.0.1",
    is_exposed: Annotated[
        bool, typer.Option("--expose", help="Other machines may reach it, without a login; needed with such a --host.")
    ] = False,
) -> None:
    """Open the Dagster UI on loopback: runs, assets, checks, rejected records."""
    from pipelines import ui as dagster_ui

    dagster_ui.serve(project_settings(project), host, port, is_exposed, say)
