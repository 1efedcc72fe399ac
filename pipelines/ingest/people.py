"""People are pseudonyms before the first row: keyed, so that the same person is the same word and nobody is a name.

Here: the key, and the pseudonym of a person. Not here: which fields hold a person (the schema says it: `x-person`;
leaves.py finds them), what else nobody may read (privacy/).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.ingest import store
from pipelines.privacy import cleaning

KEY_FILE = "key"
KEY_BYTES = 32


class KeyMissing(Exception):
    """The store has records but its key is gone: new pseudonyms would not match the old ones. Exit code 3."""


def key(state: Path, store_is_empty: bool) -> bytes:
    """The state folder's pseudonym key; made (0600) only for an empty store."""
    path = state / KEY_FILE
    if path.exists():
        written = path.read_bytes()
        if len(written) != KEY_BYTES:
            raise KeyMissing(f"{path} is damaged ({len(written)} bytes, not {KEY_BYTES}); restore it from your backup")
        return written
    if not store_is_empty:
        raise KeyMissing(f"{path} is missing though the store holds records; put the key back from your backup")
    made = secrets.token_bytes(KEY_BYTES)
    store.write_durably(path, (made,), mode=0o600)
    return made


def pseudonym(name: str, secret: bytes) -> str:
    """`person-` and 12 hex digits; spelling differences of case, width and spaces fall together."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return "person-" + hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()[:12]


def protect(value: Any, secret: bytes) -> Any:
    """The record with e-mail addresses as pseudonyms, and secrets cut out."""
    return cleaning.protect(value, partial(pseudonym, secret=secret))


def clean(text: str, secret: bytes) -> str:
    """A text with e-mail addresses as pseudonyms, and secrets cut out."""
    return cleaning.clean(text, partial(pseudonym, secret=secret))
