"""Bytes kept for ever: the private record store (raw files by hash) and the receipts of each generation.

Here: fsynced files outside the database, from which it can be restored. Not here: reading records, SQL.
A receipt file is written before its generation is published and counts once CURRENT names that generation.
"""

from __future__ import annotations

import hashlib
import json
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
        if not path.exists():
            file.flush()
            os.fsync(file.fileno())
    if path.exists():
        aside.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(aside, path)
        sync_folder(path.parent)
    return digest.hexdigest()


def stored(state: Path, digest: str) -> Path:
    """Where the bytes of this hash are, or would be."""
    return state / "store" / digest[:2] / digest


def receipts_file(state: Path, generation: int) -> Path:
    """The receipts of one generation."""
    return state / "receipts" / f"{generation:06d}.ndjson"


def write_receipts(state: Path, generation: int, summary: dict, receipts: Iterable[dict]) -> None:
    """Write one generation's receipts durably: the summary line first, then one line for each record touched."""
    lines = [json.dumps(line, sort_keys=True, ensure_ascii=False) for line in (summary, *receipts)]
    path = receipts_file(state, generation)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, ("\n".join(lines) + "\n").encode(), mode=0o600)


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write, fsync, rename, fsync the folder: after this the file is whole or absent, never torn."""
    aside = path.with_name(path.name + ".tmp")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
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
