"""A Markdown body as flat rows: headings, paragraphs, bullets, table rows, code, quotes.

Here: one walk over the parser's tokens, and tables read as their author meant them where they are broken.
Not here: front matter (markdown.py), the words inside a line (inline.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.ingest.readers import inline

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# What a fence holds is kept as it stands; comments go (templates hide their help in them), but not their lines, so
# that line numbers hold; a footnote's `[^1]: word` would otherwise be read as the target of a link and vanish.
VERBATIM_OR_HIDDEN = re.compile(
    r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|<!--.*?(?:-->|\Z)|^ {0,3}(?=\[\^[^\]\n]+\]:)", re.DOTALL | re.MULTILINE
)
DELIMITER_ROW = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
# Brackets that nobody closes take the parser the square of their number: 16,000 a tenth of a second, 8 MB seven hours
# (2026-11-25). Nobody writes a paragraph of three thousand words; one that is longer stays as it is written.
MOST_INLINE = 16_000


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # html off: a writer's `<node-name>` is a word to keep, not a tag to drop.
    # The preset's 20 levels of nesting drop what is deeper, without a word.
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable("table")


class Walk:
    """One pass over one document's tokens: which headings, bullet, quote or table it stands in."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path, self.first_line = path, first_line
        self.trail: list[tuple[int, str]] = []
        self.count = self.depth = self.quotes = self.width = 0
        self.in_header = False
        self.item: int | None = None
        self.bullet: dict | None = None

    def blocks(self, body: str) -> Iterator[dict]:
        tidy = VERBATIM_OR_HIDDEN.sub(_without_hidden, body)
        self.lines = tidy.split("\n")
        self.markdown, self.links = _parser(), {}
        # the words inside a block are read when it is given out, and once
        tokens = _parser().disable("inline").parse(tidy, self.links)
        for token, following in zip(tokens, [*tokens[1:], None], strict=False):
            handle = getattr(self, f"_{token.type}", None)
            if handle:
                yield from handle(token, following)

    def _heading_open(self, token: Token, words: Token) -> Iterator[dict]:
        level, name = int(token.tag[1]), self._plain(words.content)
        self.trail = [*((above, other) for above, other in self.trail if above < level), (level, name)]
        yield self._placed("heading", token.map[0], level=level, text=name)

    def _list_item_open(self, token: Token, _: Token) -> Iterator[dict]:
        yield from self._pending_bullet()
        self.depth += 1
        self.bullet = {"line": token.map[0], "level": self.depth, "text": ""}

    def _list_item_close(self, *_: Token) -> Iterator[dict]:
        yield from self._pending_bullet()
        self.depth -= 1
        self.item = self.item if self.depth else None

    def _pending_bullet(self) -> Iterator[dict]:
        """A bullet is given out when its own text is complete: at its end, or where something nested begins."""
        bullet, self.bullet = self.bullet, None
        if bullet and bullet["text"]:
            yield self._placed("bullet", **bullet)

    def _blockquote_open(self, *_: Token) -> Iterator[dict]:
        self.quotes += 1
        yield from self._pending_bullet()

    def _blockquote_close(self, *_: Token) -> Iterator[dict]:
        self.quotes -= 1
        yield from ()

    def _fence(self, token: Token, _: Token) -> Iterator[dict]:
        yield from self._pending_bullet()
        yield self._placed("code", token.map[0], level=self.depth, text=token.content.rstrip("\n"))

    _code_block = _fence

    def _paragraph_open(self, token: Token, words: Token) -> Iterator[dict]:
        first = token.map[0]
        if self.bullet is not None:
            self.bullet["text"] = "\n".join(filter(None, (self.bullet["text"], self._plain(words.content))))
        elif rows := _broken_table(words.content):
            yield from self._broken_rows(rows, first)
        else:
            # Footnotes often follow each other line by line; each is a paragraph of its own.
            for part in re.split(r"\n(?=\s*\\?\[\^[^\]\n]+\]:)", words.content):
                if text_only := self._plain(part):
                    yield self._placed("quote" if self.quotes else "paragraph", first, level=self.depth, text=text_only)
                first += part.count("\n") + 1

    def _table_open(self, token: Token, _: Token) -> Iterator[dict]:
        self.width = len(_cells(self.lines[token.map[0]]))
        yield from self._pending_bullet()

    def _thead_open(self, *_: Token) -> Iterator[dict]:
        self.in_header = True
        yield from ()

    def _thead_close(self, *_: Token) -> Iterator[dict]:
        self.in_header = False
        yield from ()

    def _tr_open(self, token: Token, _: Token) -> Iterator[dict]:
        yield self._row(token.map[0], self.width, self.in_header)

    def _row(self, line: int, width: int, is_header: bool) -> dict:
        """Cells are cut from the line itself: the parser drops those beyond the header's."""
        written = _cells(self.lines[line])
        kept, extra = written[:width], [cell for cell in written[width:] if cell]
        if extra:
            kept[-1] = " | ".join([kept[-1], *extra])
        cells = [self._plain(cell) for cell in kept] + [""] * (width - len(kept))
        return self._placed("row", line, level=self.depth, text=" | ".join(cells), cells=cells, is_header=is_header)

    def _broken_rows(self, rows: list[str], first: int) -> Iterator[dict]:
        width = max(len(_cells(row)) for row in rows)
        for offset, row in enumerate(rows):
            if not DELIMITER_ROW.fullmatch(row.strip()):
                yield self._row(first + offset, width, is_header=offset == 0)

    def _plain(self, source: str) -> str:
        if len(source) > MOST_INLINE:
            return source
        return inline.plain(self.markdown.parseInline(source, self.links)[0].children or [])

    def _placed(
        self, kind: str, line: int, *, level: int, text: str, cells: list | None = None, is_header: bool = False
    ) -> dict:
        """Number, headings and outermost bullet are settled when a block is given out: that is the reading order."""
        self.count += 1
        if self.depth and self.item is None:
            self.item = self.count
        trail = [name for _, name in self.trail]
        return {
            "path": self.path, "n": self.count, "kind": kind, "level": level, "section": trail[-1] if trail else "",
            "trail": trail, "item": self.item, "text": text, "cells": cells, "is_header": is_header,
            "line": line + self.first_line,
        }  # fmt: skip


def _without_hidden(match: re.Match) -> str:
    if match.group(1):
        return match.group()
    if match.group().startswith("<!--"):
        return "\n" * match.group().count("\n") if match.group().endswith("-->") else match.group()
    return match.group() + "\\"


def _broken_table(content: str) -> list[str]:
    """The lines of a table the parser took for a paragraph (its header has more or fewer cells than the rule below)."""
    lines = content.split("\n")
    is_table = len(lines) > 1 and "|" in lines[0] and "|" in lines[1] and DELIMITER_ROW.fullmatch(lines[1].strip())
    return lines if is_table else []


def _cells(line: str) -> list[str]:
    line = line.strip().lstrip(">").strip()
    line = line.removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
