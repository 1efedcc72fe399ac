"""Files in people's own folders: replaced whole, or left as they were.

Here: the one way to put a text in the place of a file that somebody else may be editing, has protected, or reaches by
a link. Not here: what is written, and files of our own (ingest/store.py), whose folder nobody else writes to.

The new text stands beside the file under a name that nobody can have prepared (a link of that name would lead the
writing elsewhere) and that ingest/find.py passes over: kill -9 leaves one behind, and it is no record.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from pipelines.ingest.store import sync_folder

UNFINISHED = ".faultlines-"


class Untouchable(Exception):
    """The file must stay as it is; the message says why."""


def replace(path: Path, content: bytes, before: bytes | None = None) -> None:
    """Make `content` all that the file holds; owner and permissions stay. `before`: what it held when that was made.

    Untouchable for a file that may not be written to, that is none, or that does not hold `before` any more. OSError
    where there is no space or no leave; the file is then as it was.
    """
    there = _state(path)
    if there and not stat.S_ISREG(there.st_mode):
        raise Untouchable("a link or a folder stands where the file belongs")
    # a rename asks for leave of the folder alone, and an administrator for none
    if there and not there.st_mode & 0o222:
        raise Untouchable("the file is read-only")
    aside = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}.tmp")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600 if there else 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if there:
                with suppress(PermissionError):  # only an administrator makes files of others
                    os.fchown(handle, there.st_uid, there.st_gid)
                os.fchmod(handle, stat.S_IMODE(there.st_mode))
            os.fsync(handle)
        if before is not None and path.read_bytes() != before:
            raise Untouchable("somebody changed the file in the meantime")
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _state(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
