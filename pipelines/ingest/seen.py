"""What each file was when it was last hashed, so that a run need not read gigabytes to say that nothing is new.

    state/seen     hash of the path → inode, size, times of content and of inode, hash; as git's index does it

A file is the same while all of these are: whoever writes to it changes the last, which no program can set. One written
within two seconds of its hashing is not noted, a later write could bear the same time. The file is a memory and no
truth: without it everything is hashed again. 2.3 GB of records took 2 s of every run, and 10 s where they had to come
from disk (2026-11-25). Here: remembering. Not here: which files there are (find.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from functools import cache
from pathlib import Path

import msgspec

from pipelines.ingest import files
from pipelines.ingest.faults import Fault
from pipelines.privacy.cleaning import blank

SETTLED_NS = 2_000_000_000
Stamp = tuple[int, int, int, int]


class Seen(msgspec.Struct):
    """One file as it was: `size` is that of what was hashed, of a zip's member that of the member."""

    stamp: Stamp
    sha256: str
    size: int
    is_settled: bool


@cache
def of(state: Path) -> Memory:
    """The memory beside one warehouse, read once in a process."""
    return Memory(state / "seen")


class Memory:
    """Digests by path, and by member inside a zip; without a file, those of this process alone."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.files: dict[bytes, Seen] = {}
        self.asked: dict[bytes, Seen] = {}
        self.is_new = False
        if file:
            with contextlib.suppress(OSError, msgspec.DecodeError):
                self.files = msgspec.msgpack.decode(file.read_bytes(), type=dict[bytes, Seen])

    def digest(self, path: Path, member: str | None) -> tuple[str, int, Fault | None]:
        """The file's hash and size; a file that cannot be read has a hash of its own kind, and its Fault says why."""
        stamp = _stamp(path)
        name = hashlib.sha256(os.fsencode(path) + b"\0" + os.fsencode(member or "")).digest()
        known = self.files.get(name)
        if known is None or known.stamp != stamp:
            now = time.time_ns()
            digest, size, problem = _read(path, member)
            if problem or stamp is None:
                return digest, size, problem
            known = Seen(stamp, digest, size, now - max(stamp[2:]) > SETTLED_NS)
            self.files[name], self.is_new = known, True
        self.asked[name] = known
        return known.sha256, known.size, None

    def keep(self) -> None:
        """Note what was asked for since the last time, if there is anything new in it."""
        settled = {name: one for name, one in self.asked.items() if one.is_settled}
        self.asked = {}
        if self.is_new and self.file and self.file.parent.exists():
            unfinished = self.file.with_suffix(".tmp")
            # one that cannot be kept, or that two processes wrote at once, costs time and nothing else
            with contextlib.suppress(OSError):
                unfinished.write_bytes(msgspec.msgpack.encode(settled))
                unfinished.replace(self.file)
            self.is_new = False


def _stamp(path: Path) -> Stamp | None:
    try:
        there = path.stat()
    except OSError:
        return None
    return there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns


def _read(path: Path, member: str | None) -> tuple[str, int, Fault | None]:
    try:
        with files.opened(path, member) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell(), None
    except Fault as fault:
        return unreadable(fault), 0, fault


def unreadable(fault: Fault) -> str:
    """What stands for the hash of a file that cannot be read; a zip's refusal quotes the names in it."""
    return f"unreadable: {blank(fault.message)}"
