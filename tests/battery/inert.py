"""What in an HTML text could act: run, load, send, lead away or restyle. Read by a parser, not by a search for words.

Here: the list of what a page of ours may hold, so that all else counts. Not here: browsers (tests/browser).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAGS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body svg defs pattern rect circle line path text aside strong header h1 h2 h3 p "
        "span code main section ol ul li div article table thead tbody tr th td a i dl dt dd details summary br footer "
        "blockquote pre b em h4",
    )
)
# what GitHub and Dagster's UI make a link of although it stands there as text
LINKED = re.compile(r"(?i)https?://\S|\bwww\.\S|[\w.+-]@\w")


class Page(HTMLParser):
    """Tags, attributes and texts of a page, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in ("style", "code"):
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", {}))

    @property
    def text(self) -> str:
        return "".join(self.texts)


def acts(html: str, may_link: bool = True) -> list[str]:
    """Everything in it that could act; `may_link`: an address that stands there as text is none."""
    page = Page(html)
    found = [f"<{tag}>" for tag, _ in page.tags if tag not in TAGS]
    found += [
        f"<{tag} {name}={value}>"
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if _acts(tag, name, value or "")
    ]
    return found if may_link else found + LINKED.findall(page.text)


def _acts(tag: str, name: str, value: str) -> bool:
    if name == "style":
        return not value.startswith("text-align:")  # a table's column, by a renderer of Markdown
    if name == "href":
        return tag != "a" or not value.startswith("#")
    if name == "http-equiv":
        return value != "Content-Security-Policy"
    return name.startswith("on") or name in ("src", "srcset", "srcdoc", "background", "action", "data", "xlink:href")
