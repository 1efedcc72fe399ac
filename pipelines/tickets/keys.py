"""The key by which a ticket is known again: record id, `~`, action id. Here: making it, and finding it in a text.

Neither id may hold a `~`, so that no two actions share a key; nor a blank, so that it can be a label.
"""

from __future__ import annotations

import re

# the patterns of `record_id` and `id` in schemas/definitions.schema.json, joined
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+#-]{0,199}~[A-Za-z0-9][A-Za-z0-9._:/#-]{0,99}")


def key(record_id: str, action_id: str) -> str:
    return f"{record_id}~{action_id}"


def keys(texts: list[str]) -> list[str]:
    """Every key that stands in the texts, each once; a full stop or colon at its end is the sentence's."""
    return list(dict.fromkeys(found.rstrip(".:") for text in texts for found in KEY.findall(text)))
