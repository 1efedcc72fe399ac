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
from pipelines.others_words import for_terminal
from pipelines.privacy.cleaning import blank
from pipelines.settings import SettingsError

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
            began = time.monotonic()
            chosen, state = _look(paths, project)
            looked = time.monotonic() - began
            if state != seen:
                if isinstance(chosen, Exception) and seen is None:
                    raise chosen
                seen = state
                if isinstance(chosen, Exception):
                    found_errors = True
                    say(for_terminal(blank(f"faultlines: {chosen}")))
                else:
                    checked = check(chosen, stage, is_whole=not paths)
                    # before it is printed: whoever has read the last line may end this at once
                    found_errors = checked.count(ERROR) > 0
                    _print(checked, form, is_coloured, say)
                say("watching; Ctrl-C ends")
            # of ten thousand files a look takes longer than the pause: at most a fifth of a processor goes into looking
            time.sleep(max(LOOKS_SECONDS, 4 * looked))
    except KeyboardInterrupt:
        return found_errors


def _look(paths: Sequence[Path], project: str | None) -> tuple[Chosen | SettingsError | OSError, list | str]:
    """What is there now, and what it is known again by. While somebody saves, a file or folder may be away, or the
    settings half written: then why nothing is there."""
    try:
        chosen = choose(paths, project_of(paths, project))
        return chosen, _state(chosen)
    except (SettingsError, OSError) as error:
        return error, str(error)


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
