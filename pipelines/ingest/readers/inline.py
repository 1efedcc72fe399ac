"""The words inside one paragraph, bullet or cell, without their Markdown.

Here: emphasis dropped, code kept as its text, links as words with their address behind. Not here: blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

SPACES = re.compile(r"[^\S\n]+")
# begun only where blanks begin: from each of 15,000 blanks in a row it takes a quarter second to find no break
LINE_BREAK = re.compile(r"(?<!\s)\s*<br\s*/?>\s*", re.IGNORECASE)


def plain(tokens: list[Token]) -> str:
    """One readable line, or several where the writer broke them by hand."""
    return "\n".join(line.strip() for line in "".join(_words(tokens)).split("\n")).strip()


def _words(tokens: list[Token]) -> Iterator[str]:
    address, shown = "", ""
    for token in tokens:
        part = token.content if token.type == "code_inline" else _settled(token.content)
        if token.type == "softbreak":
            part = " "
        elif token.type == "hardbreak":
            part = "\n"
        elif token.type == "link_open":
            address, shown = str(token.attrs.get("href", "")), ""
        elif token.type == "link_close":
            # An address inside the source's own repository leads nowhere from a warehouse.
            part = f" ({address})" if address.startswith("http") and shown not in (address, address + "/") else ""
        shown += part
        yield part


def _settled(words: str) -> str:
    return SPACES.sub(" ", LINE_BREAK.sub("\n", words))
