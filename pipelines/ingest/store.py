"""Bytes kept for ever: the private record store (raw files by hash) and the receipts of each generation.

Here: fsynced files outside the database, from which it can be restored. Not here: reading records, SQL, what a receipts
file says (ledger.py).
A receipt file is written before its generation is published and counts once CURRENT names that generation.
"""

from __future__ import annotations

import filecmp
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20


def keep(state: Path, stream: BinaryIO) -> str:
    """Store what the stream still holds under its sha256 (once) and return it. However much that is, a piece at a time
    is in memory."""
    folder = state / "store"
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / "unfinished.tmp"  # one writer at a time: a dead one's is written over
    digest = hashlib.sha256()
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while piece := stream.read(PIECE):
            digest.update(piece)
            file.write(piece)
        path = stored(state, digest.hexdigest())
        file.flush()
        # what is kept is what will be read: a copy that the disk has spoilt is replaced
        is_kept = path.exists() and filecmp.cmp(aside, path, shallow=False)
        if not is_kept:
            os.fsync(file.fileno())
    if is_kept:
        aside.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(aside, path)
        sync_folder(path.parent)
    return digest.hexdigest()


def is_whole(path: Path) -> bool:
    """Whether a stored file's bytes still hash to its name."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == path.name


def stored(state: Path, digest: str) -> Path:
    """Where the bytes of this hash are, or would be."""
    return state / "store" / digest[:2] / digest


def receipts_file(state: Path, generation: int) -> Path:
    """The receipts of one generation."""
    return state / "receipts" / f"{generation:06d}.ndjson"


def write_receipts(state: Path, generation: int, pieces: Iterable[bytes]) -> None:
    """Write one generation's receipts durably, a piece at a time."""
    path = receipts_file(state, generation)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, pieces, mode=0o600)


def write_durably(path: Path, pieces: Iterable[bytes], mode: int = 0o644) -> None:
    """Write, fsync, rename, fsync the folder: after this the file is whole or absent, never torn."""
    aside = path.with_name(path.name + ".tmp")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
