"""People are pseudonyms before the first row: keyed, so that the same person is the same word and nobody is a name.

Here: the key, the pseudonym of a person, and the removal of e-mail addresses and secrets from prose.
Not here: which fields hold a person (the schema says it: `x-person`; leaves.py finds them).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from pathlib import Path
from typing import Any

from pipelines.ingest import store

KEY_FILE = "key"
KEY_BYTES = 32
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}\b", re.ASCII)
# Shapes that are secrets wherever they stand. Hashes and UUIDs are not among them: records are full of both.
SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----|.*)"
    r"|(?<=://)[^\s/:@]{1,64}:[^\s/@]{1,128}(?=@)",
    re.DOTALL | re.ASCII,
)
GITHUB = re.compile(rb"gh[pousr]_")
SECRET_MARK = "[secret removed]"


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


def may_hold_secrets(written: bytes) -> bool:
    """Whether a record, as JSON, holds any mark of an address or a secret: of a thousand records few do, and only
    those are searched text by text."""
    # spelt out: any() over a list takes three times as long
    return (
        b"@" in written or b"AKIA" in written or b"ASIA" in written or b"xox" in written or b"glpat-" in written
        or b"eyJ" in written or b"-----BEGIN" in written or (b"gh" in written and bool(GITHUB.search(written)))
    )  # fmt: skip


def protect(value: Any, secret: bytes) -> Any:
    """The record with e-mail addresses as pseudonyms, and secrets cut out."""
    if isinstance(value, dict):
        return {name: protect(child, secret) for name, child in value.items()}
    if isinstance(value, list):
        return [protect(item, secret) for item in value]
    return clean(value, secret) if isinstance(value, str) else value


def blank(text: str) -> str:
    """A text with addresses and secrets cut out, before it is shortened: half an address is still one."""
    return EMAIL.sub("[address removed]", SECRET.sub(SECRET_MARK, text))


def clean(text: str, secret: bytes) -> str:
    """A text with addresses as pseudonyms and secrets cut out.

    Until nothing more is found: what is cut out can bring two halves of an address together.
    """
    while (cleaned := EMAIL.sub(lambda found: pseudonym(found[0], secret), SECRET.sub(SECRET_MARK, text))) != text:
        text = cleaned
    return text
