"""`faultlines check` without its door: check, say it in the form asked for, tell whether an error was found.

Here: the order of the steps, once or whenever a file changes. Not here: any of the steps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.checking import machine, screen
from pipelines.checking.check import ERROR, Checked, check
from pipelines.ingest.chosen import Chosen, choose, project_of

LOOKS_SECONDS = 0.5


def check_once(
    paths: Sequence[Path], project: str | None, stage: str | None, form: str, is_coloured: bool,
    say: Callable[[str], None],
) -> bool:  # fmt: skip
    """One check, printed; True where it found an error."""
    checked = check(choose(paths, project_of(paths, project)), stage, is_whole=not paths)
    _print(checked, form, is_coloured, say)
    return checked.count(ERROR) > 0


def watch(
    paths: Sequence[Path], project: str | None, stage: str | None, form: str, is_coloured: bool,
    say: Callable[[str], None],
) -> bool:  # fmt: skip
    """Check now and whenever a file is changed, made or removed, until Ctrl-C; True where the last found an error."""
    seen, found_errors = None, False
    try:
        while True:
            chosen = choose(paths, project_of(paths, project))
            if (state := _state(chosen)) != seen:
                seen = state
                checked = check(chosen, stage, is_whole=not paths)
                # before it is printed: whoever has read the last line may end this at once
                found_errors = checked.count(ERROR) > 0
                _print(checked, form, is_coloured, say)
                say("watching; Ctrl-C ends")
            time.sleep(LOOKS_SECONDS)
    except KeyboardInterrupt:
        return found_errors


def _state(chosen: Chosen) -> list[tuple[str, str, str]]:
    # a file is hashed again only where its time or size has changed (ingest/find.py)
    return [(source.name, file.path, file.sha256) for source, found in chosen for file in found]


def _print(checked: Checked, form: str, is_coloured: bool, say: Callable[[str], None]) -> None:
    if form == "json":
        print(machine.as_json(checked), flush=True)
    elif form == "github":
        print(machine.as_github(checked), end="\n" if checked.problems else "", flush=True)
    else:
        lines = [*screen.Screen(checked, is_coloured).lines(), *screen.next_stages(checked)]
        print("".join(f"{line}\n" for line in lines), end="", flush=True)
    say(screen.last_line(checked))
