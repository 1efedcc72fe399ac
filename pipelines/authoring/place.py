"""The file of a draft: one that was not there before, whole or not at all, while nobody else begins one.

Here: taking turns, and the file. Not here: which id comes next (ids.py), what is written (skeleton.py).
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.authoring import ids
from pipelines.settings import SettingsError


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """One at a time in the project of these settings: two who begin records in two folders would be given one id."""
    with file.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def exclusively(folder: Path, identity: str, text: Callable[[str], str], is_fixed: bool) -> Path:
    """Create the file, or that of a following id where one is there; nothing is ever overwritten."""
    while True:
        path = folder / f"{identity.replace('/', '_')}.yml"
        try:
            file = path.open("xb")
        except FileExistsError as error:
            if is_fixed:
                raise SettingsError(f"{path} is there already; `faultlines new` never overwrites a file") from error
            identity = ids.following(identity)
            continue
        try:
            with file:
                file.write(text(identity).encode())
        except BaseException:
            path.unlink()  # half a draft would be set aside by the next run, and keep its id
            raise
        return path
