"""Doors for whoever brings records in: a source tried, old records rewritten, an organisation invented."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.doors import JsonOption, ProjectOption, app, door, project_settings, say

PANEL = "Bring records in"

source_app = typer.Typer(no_args_is_help=True, help="Sources while their entry and mapping are being written.")
app.add_typer(source_app, name="source", rich_help_panel=PANEL)


@source_app.command("try")
@door
def try_command(
    name: Annotated[str, typer.Argument(help="The source's name in faultlines.yml.")],
    project: ProjectOption = None,
    most: Annotated[int, typer.Option(min=1, help="How many records are read at most.")] = 500,
    as_json: JsonOption = False,
) -> None:
    """Read a source and show what becomes of it: sample, records, fields, faults. Nothing is written."""
    from pipelines.ingest.trial import try_source
    from pipelines.ingest.trial_text import as_json as trial_as_json
    from pipelines.ingest.trial_text import as_text

    trial = try_source(project_settings(project), name, most)
    print(trial_as_json(trial) if as_json else as_text(trial))
    if trial.set_aside:
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
@door
def convert(paths: Annotated[list[Path], typer.Argument(help="YAML files with one record each.")]) -> None:
    """Rewrite records of an older version of the contract for today's, comments kept. Nobody has to: they are read."""
    from pipelines.authoring.rewrite import CannotRewrite, rewrite
    from pipelines.contract import bundle, versions
    from pipelines.ingest.faults import Fault
    from pipelines.ingest.readers.text import printable
    from pipelines.others_words import for_terminal
    from pipelines.privacy.cleaning import blank

    today, refused = bundle.load(), False
    for path in paths:
        try:
            version = rewrite(path, today)
            done = f"{version} → {versions.today(today)}" if version else f"is {versions.today(today)} already"
        except (CannotRewrite, Fault, OSError) as error:
            done, refused = f"stays as it is: {error}", True
        say(for_terminal(printable(blank(f"{path}: {done}"))))
    if refused:
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
@door
def simulate(
    out: Annotated[Path, typer.Option("--out", help="A folder that does not exist yet.")],
    incidents: Annotated[int, typer.Option(min=30, max=10_000_000)] = 400,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1,
    weeks: Annotated[int, typer.Option(min=26, max=520, help="How far it reaches back.")] = 156,
    is_null: Annotated[bool, typer.Option("--null", help="Plant nothing: the same noise, constant rates.")] = False,
    as_ndjson: Annotated[bool, typer.Option("--ndjson", help="Shards of NDJSON instead of YAML files.")] = False,
) -> None:
    """Write an invented organisation with known truths: records, evidence, truth.json."""
    from pipelines.simulate import simulate as write_organisation

    counts = write_organisation(out, incidents, seed, weeks, is_null, as_ndjson)["counts"]
    say(f"{counts['records']} records in {counts['revisions']} revisions; what is planted: {out / 'truth.json'}")
    say(f"next: faultlines run --project {out}")
