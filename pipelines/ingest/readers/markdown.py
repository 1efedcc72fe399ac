"""Other people's Markdown as one document and its flat blocks, in reading order, with nothing of it lost.

Here: the document: front matter, title, body. Not here: its blocks (markdown_blocks.py), or what any of it means in the
contract: that is a mapping's SQL (ingest/mapping/).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import text, yaml_events
from pipelines.ingest.readers.markdown_blocks import Walk

# What a mapping sees. Types are declared, never inferred: a source whose every title is a number still has titles.
TABLES = {
    "documents": {"path": "VARCHAR", "file_name": "VARCHAR", "title": "VARCHAR", "front": "JSON", "text": "VARCHAR"},
    "blocks": {
        "path": "VARCHAR", "n": "INTEGER", "kind": "VARCHAR", "level": "INTEGER", "section": "VARCHAR",
        "trail": "VARCHAR[]", "item": "INTEGER", "text": "VARCHAR", "cells": "VARCHAR[]",
        "is_header": "BOOLEAN", "line": "INTEGER",
    },
}  # fmt: skip
KEY = re.compile(r"[\w\"'][^\n:]*:(\s|$)")


def read(path: str, data: bytes) -> tuple[dict, list[dict]]:
    """The document and its blocks. Fault where the bytes are no text or the front matter is no YAML."""
    written = text.decode(data)
    front, body, line = _front_matter(written)
    blocks = list(Walk(path, line).blocks(body))
    first_heading = next((block["text"] for block in blocks if block["kind"] == "heading" and block["level"] == 1), "")
    title = front.get("title")
    document = {
        "path": path,
        "file_name": PurePosixPath(path).name,
        "title": title if isinstance(title, str) and title else first_heading,
        "front": front,
        "text": body,
    }
    return document, blocks


def _front_matter(written: str) -> tuple[dict, str, int]:
    """The front matter, the body, and the line the body starts on. A rule of dashes is not front matter."""
    lines = written.split("\n")
    if lines[0].rstrip() != "---" or not _starts_like_yaml(lines[1:]):
        return {}, written, 1
    for n, line in enumerate(lines[1:], start=2):
        if line.rstrip() in ("---", "..."):
            return _mapping("\n".join(lines[1 : n - 1])), "\n".join(lines[n:]), n + 1
    raise Fault("PM050", "front matter opens on line 1 and never closes", "end it with a line of three dashes", line=1)


def _mapping(front: str) -> dict:
    loaded = yaml_events.load(front, 2) if front.strip() else {}
    if not isinstance(loaded, dict):
        raise Fault("PM051", "front matter holds no `name: value` pairs", "write one pair a line", line=2)
    return loaded


def _starts_like_yaml(lines: list[str]) -> bool:
    written = [line for line in lines if line.strip()]
    entry = next((line for line in written if not line.startswith("#")), "")
    return bool(KEY.match(entry)) or (bool(written) and written[0].rstrip() in ("---", "..."))
