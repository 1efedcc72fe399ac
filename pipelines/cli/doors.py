"""What every door shares: the app, its options, and how an error becomes one line and an exit code.

Here: nothing of any one command. Data on stdout, messages on stderr, exit codes in errors.py. Heavy imports stay
inside the commands: `faultlines run` with nothing new must not wait for Dagster.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from pipelines.others_words import disarmed

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Learn across incidents: post-mortems in, a warehouse and a weekly page out.",
)

ProjectOption = Annotated[
    str | None, typer.Option("--project", "-C", help="A faultlines.yml or its folder; else the nearest one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="A moment such as 2026-11-16T06:00:00Z: the warehouse as known then.")
]


def say(text: str) -> None:
    """A message for the person at the terminal."""
    print(disarmed(text), file=sys.stderr, flush=True)  # a fault of a run quotes what a record says


def door(command: Callable) -> Callable:
    """Turn the errors a user can act on into one line and an exit code; anything else is a bug (70)."""

    @wraps(command)
    def opened(*args: Any, **options: Any) -> None:
        from pipelines.cli.errors import exit_code

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


def project_settings(project: str | None) -> Any:
    from pipelines import settings

    return settings.load(settings.locate(project))
