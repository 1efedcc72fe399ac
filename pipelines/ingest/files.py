"""The bytes of a file that was found: from disk or out of a zip, in whatever encoding its source declares, as UTF-8.

Here: opening, and what a zip may hold. Not here: which files there are (find.py), what is in them (readers/).
Nothing is ever unpacked to a path that a zip names: a member is a stream, its name is a label.
"""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipelines.ingest.faults import Fault

ZIP = ".zip"
# 2026-11-25: years of post-mortems are a few hundred MB. A bomb is told by what its directory says it would become.
MOST_MEMBERS = 100_000
MOST_BYTES = 8 << 30
BOMB_BYTES, BOMB_RATIO = 64 << 20, 200
PIECE = 1 << 16


@contextmanager
def opened(path: Path, member: str | None, encoding: str = "utf-8") -> Iterator[BinaryIO]:
    """A file or a member of a zip as a stream of UTF-8 bytes; Fault where it cannot be opened."""
    try:
        with open(path, "rb") if member is None else _member(path, member) as stream:
            yield stream if _is_utf8(encoding) else io.BufferedReader(_Recoded(stream, encoding), PIECE)
    except OSError as error:
        fix = "give the user who runs Faultlines leave to read it"
        raise Fault("PM001", f"cannot be read: {error.strerror or error}", fix) from error
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zipfile.zlib.error) as error:
        raise Fault(
            "PM060", f"cannot be taken out of its zip: {error}", "make the zip again, without a password"
        ) from error


def members(path: Path) -> list[zipfile.ZipInfo]:
    """The files in a zip, by name. Fault for one that is damaged, locked, a bomb, or names a file twice."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
    except OSError as error:
        raise Fault("PM001", f"cannot be read: {error.strerror}", "give the user who runs Faultlines leave") from error
    except (zipfile.BadZipFile, ValueError) as error:
        raise Fault("PM060", f"is no zip that can be read: {error}", "make the zip again") from error
    _refuse(found)
    return found


def _refuse(found: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in found]
    if len(names) > MOST_MEMBERS or sum(info.file_size for info in found) > MOST_BYTES:
        raise Fault("PM060", f"holds over {MOST_MEMBERS:,} files or {MOST_BYTES >> 30} GiB", "split the zip")
    for before, info in zip([None, *names], found, strict=False):
        if info.filename == before:
            raise Fault("PM060", f"holds {before!r} twice", "make the zip again, each name once")
        if info.flag_bits & 1:
            raise Fault("PM060", f"{info.filename!r} is encrypted", "make the zip again, without a password")
        if info.file_size > BOMB_BYTES and info.file_size > BOMB_RATIO * max(info.compress_size, 1):
            raise Fault(
                "PM060", f"{info.filename!r} would grow {BOMB_RATIO}-fold", "unpack it yourself if you trust it"
            )


@contextmanager
def _member(path: Path, name: str) -> Iterator[BinaryIO]:
    with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
        yield stream


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


class _Recoded(io.RawIOBase):
    """A stream of another encoding, read as UTF-8, a piece at a time."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._left, self._ended, self._lines = b"", False, 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while not self._left and not self._ended:
            piece = self._stream.read(PIECE)
            self._ended = not piece
            try:
                self._left = self._decoder.decode(piece, self._ended).encode("utf-8")
            except UnicodeError as error:
                why = getattr(error, "reason", error)  # a missing byte order mark is a UnicodeError without one
                message = f"is not {self._encoding} as its source declares, after line {self._lines}: {why}"
                raise Fault("PM001", message, "correct `encoding` of the source, or save the file so") from error
            self._lines += self._left.count(b"\n")
        taken = min(len(buffer), len(self._left))
        buffer[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken
