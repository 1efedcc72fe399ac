"""An author's Markdown as blocks of text: paragraphs, lists, code, quotes. No HTML is ever made of it.

Here: the few kinds that are kept, in which every text is still a text, so that a renderer escapes it like any other.
Not here: the escaping (others_words.py, Jinja). A heading is a strong paragraph: the reading has headings of its own.
An address stands beside the words it was under, as text; a picture is its description; HTML is text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

# what turns writing round, hides or breaks it; line feeds are the author's
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
MARKS = {"strong_open": "strong", "em_open": "em"}


def run(text: str, mark: str = "") -> dict:
    """Some letters and how they are set: "" plain, strong, em, code, or said (a word of ours for no value)."""
    return {"text": text, "mark": mark}


def paragraph(text: str, mark: str = "") -> dict:
    return {"kind": "paragraph", "runs": [run(text, mark)]}


def visible(text: str) -> str:
    """The text without characters nobody sees; the price is that an emoji joined from several falls apart."""
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in HIDDEN)


def blocks(text: str) -> list[dict]:
    """The blocks of a Markdown text."""
    tokens = iter(_parser().parse(visible(text)))
    return list(_until(tokens, None)) or [paragraph(visible(text))]


@cache
def _parser():
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).disable(["html_block", "html_inline", "entity"])


def _until(tokens: Iterator, end: str | None) -> Iterator[dict]:
    for token in tokens:
        if token.type == end:
            return
        if token.type == "inline":
            yield {"kind": "paragraph", "runs": list(_runs(token.children or []))}
        elif token.type in ("fence", "code_block"):
            yield {"kind": "code", "text": token.content.rstrip("\n")}
        elif token.type == "blockquote_open":
            yield {"kind": "quote", "blocks": list(_until(tokens, "blockquote_close"))}
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            kind = token.type.removesuffix("_open")
            yield {"kind": "list", "is_ordered": kind == "ordered_list", "items": list(_items(tokens, f"{kind}_close"))}
        elif token.type == "heading_open":
            (block,) = _until(tokens, "heading_close")
            yield {"kind": "paragraph", "runs": [one | {"mark": one["mark"] or "strong"} for one in block["runs"]]}


def _items(tokens: Iterator, end: str) -> Iterator[list[dict]]:
    for token in tokens:
        if token.type == end:
            return
        yield list(_until(tokens, "list_item_close"))


def _runs(tokens: list) -> Iterator[dict]:
    marks: list[str] = []
    address = ""
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield run(token.content, "code" if token.type == "code_inline" else (marks[-1] if marks else ""))
        elif token.type in ("softbreak", "hardbreak"):
            yield run(" ")
        elif token.type in MARKS:
            marks.append(MARKS[token.type])
        elif token.type in ("strong_close", "em_close"):
            marks.pop()
        elif token.type == "image":
            yield run(f"[picture: {token.content}] ({token.attrs.get('src', '')})")
        elif token.type == "link_open":
            address = "" if token.markup == "autolink" else str(token.attrs.get("href", ""))
        elif token.type == "link_close" and address:
            yield run(f" ({address})")


def flat(found: list[dict]) -> list[dict]:
    """The same as runs of one line, for a cell."""
    runs: list[dict] = []
    for block in found:
        runs += [run(" · ")] if runs else []
        if block["kind"] == "paragraph":
            runs += block["runs"]
        elif block["kind"] == "code":
            runs.append(run(" ".join(block["text"].split()), "code"))
        elif block["kind"] == "quote":
            runs += flat(block["blocks"])
        else:
            runs += flat([inner for item in block["items"] for inner in item])
    return runs
