"""The command line: thin doors. Data on stdout, messages on stderr, exit codes in cli_errors.py.

Here: words, options, exit codes. Not here: anything a test would want to call without a terminal. Heavy imports stay
inside the commands: `faultlines run` with nothing new must not wait for Dagster.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Learn across incidents: post-mortems in, a warehouse and a weekly page out.",
)
report_app = typer.Typer(no_args_is_help=True, help="Pages, and the query behind each figure.")
app.add_typer(report_app, name="report")
source_app = typer.Typer(no_args_is_help=True, help="Sources while their entry and mapping are being written.")
app.add_typer(source_app, name="source")

ProjectOption = Annotated[
    str | None, typer.Option("--project", "-C", help="A faultlines.yml or its folder; else the nearest one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="A moment such as 2026-11-16T06:00:00Z: the warehouse as known then.")
]


def say(text: str) -> None:
    """A message for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def door(command: Callable) -> Callable:
    """Turn the errors a user can act on into one line and an exit code; anything else is a bug (70)."""

    @wraps(command)
    def opened(*args: Any, **options: Any) -> None:
        from pipelines.cli_errors import exit_code

        try:
            command(*args, **options)
        except (typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            # the reader has seen enough (| head); nothing of ours may complain when Python closes stdout
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            say("interrupted; readers keep what was last published")
            raise typer.Exit(130) from None
        except Exception as error:
            raise typer.Exit(exit_code(error, say)) from error

    return opened


def _settings(project: str | None) -> Any:
    from pipelines import settings

    return settings.load(settings.locate(project))


@app.command()
@door
def run(
    project: ProjectOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when a record is in quarantine.")] = False,
    is_full: Annotated[
        bool, typer.Option("--full", help="Judge and model every record anew, not only what a change reaches.")
    ] = False,
    wait: Annotated[
        bool, typer.Option(help="Wait for another run to end; --no-wait exits 3 and names its PID.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Read what changed, check it, model it, publish it whole, and write the weekly page."""
    from pipelines import headless

    outcome = headless.run(_settings(project), say, wait, is_full)
    print(json.dumps(outcome.facts(), sort_keys=True) if as_json else outcome.text())
    sys.stdout.flush()
    if outcome.is_new:
        headless.name_words(outcome.settings, say)
    if outcome.quarantined:
        headless.name_faults(outcome.settings, say)
        if strict:
            raise typer.Exit(1)


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

    paths = write_page(_settings(project), week, as_of)
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

    sql, columns, rows = query_rows(_settings(project), name, week, as_of)
    if as_json:
        print(rows_as_json(columns, rows, {"query": name, "sql": sql}))
    else:
        say(sql.rstrip() + "\n")
        print(rows_as_table(columns, rows))


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

    trial = try_source(_settings(project), name, most)
    print(trial_as_json(trial) if as_json else as_text(trial))
    if trial.set_aside:
        raise typer.Exit(1)


@app.command(context_settings={"ignore_unknown_options": True})  # SQL may begin with a comment: --
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
    shell.serve(_settings(project), statement, as_of, as_json, say)


@app.command("query")
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

    shell.ask(_settings(project), name, pairs or [], as_of, as_json, say)


@app.command("as-of")
@door
def as_of_command(
    moment: Annotated[str, typer.Argument(help="Such as 2026-11-16T06:00:00Z, or a day.")],
    project: ProjectOption = None,
) -> None:
    """Build the warehouse as it was known at a moment, into a copy; prints where it is."""
    from pipelines.publish.past import as_known_on

    print(as_known_on(_settings(project), moment, say))


@app.command()
@door
def doctor(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Look at packages, disk, lock, dead runs, key, published files and receipts, and say what to do."""
    from pipelines import health

    _show(health.examine(_settings(project)), as_json)


@app.command()
@door
def verify(
    project: ProjectOption = None,
    is_deep: Annotated[bool, typer.Option("--deep", help="Build the warehouse again and compare its content.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read every byte kept: record store, receipts and warehouse must agree."""
    from pipelines.health import proof

    _show(proof.verify(_settings(project), is_deep, say), as_json)


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


@app.command("rebuild")
@door
def rebuild_command(
    project: ProjectOption = None,
    wait: Annotated[
        bool, typer.Option(help="Wait for another run to end; --no-wait exits 3 and names its PID.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Make the warehouse anew from record store, receipts and key, check it, and publish it."""
    from pipelines.rebuild import rebuild

    made = rebuild(_settings(project), say, wait)
    for remark in made["remarks"]:
        say(remark)
    print(json.dumps(made) if as_json else f"generation {made['generation']} published, known as of {made['as_of']}")


@app.command()
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


@app.command()
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

    dagster_ui.serve(_settings(project), host, port, is_exposed, say)


def main() -> None:
    """The command, and a quick way out: taking Dagster's and dbt's modules apart takes Python 1.1 s of a run's end."""
    code = 0
    try:
        app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()  # what asked to be told of the end is told; only the teardown of modules is left out
    os._exit(code)


if __name__ == "__main__":
    main()
