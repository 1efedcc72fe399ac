"""Somebody else's words where they are shown: one function for each place in which a text could act or mislead.

Here: a terminal, Markdown, JSON, a cell of CSV, Jira's wiki markup. HTML is Jinja's, which escapes every value
(report/render_html.py). Not here: what is kept. Tables hold every text as it came.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any


def for_terminal(text: str) -> str:
    """A text of any number of lines that moves no cursor, sends no command, and hides or turns round no letter.

    Price: an emoji joined from several, and scripts that join letters by invisible characters, show those as escapes.
    """
    return disarmed(text if text.isprintable() else "".join(c if _is_shown(c) else _escape(c) for c in text))


def disarmed(text: str) -> str:
    """A text that is no command to GitHub's runner, which obeys what programs print: a line that begins with two
    colons, and `##[` before a command's name anywhere in a line (its ActionCommand.cs, 2026-11-25)."""
    return re.sub(r"^(\s*)::", r"\1\\::", text.replace("##[", "#\\#["), flags=re.MULTILINE)


def _is_shown(c: str) -> bool:
    return c.isprintable() or c in "\n\t" or unicodedata.category(c) == "Zs"


def _escape(c: str) -> str:
    return c.encode("unicode_escape").decode()


def for_markdown(text: str) -> str:
    """A text of one line that is no markup, no link, no HTML and no new cell of a table, whoever renders it.

    Addresses and `@` are taken apart (`https[:]//`): GitHub and Dagster's UI make links of them after a backslash too,
    because they look at the text that is left when all escapes have been read (2026-11-25).
    """
    apart = re.sub(r":(?=//)|@(?=\w)", r"[\g<0>]", text)
    apart = re.sub(r"(?i)\b(www)\.", r"\1[.]", apart)
    inside = re.sub(r"([\\`*_\[\]<>|~&$@#])", r"\\\1", apart)
    return re.sub(r"^(\s*\d*)(?=[-+=.)](?:[-+=\s]|$))", r"\1\\", inside)


def for_json(value: Any) -> str:
    """JSON in which letters are letters and what a terminal would obey is an escape: read, it is the same value."""
    written = json.dumps(value, ensure_ascii=False, default=str).replace("##[", "#\\u0023[")
    return written if written.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in written)


def for_csv(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what begins like one, and before what would
    begin a cell where the list separator is the semicolon, as half of Europe has it: quotes do not hold a cell together
    there that does not begin a row (2026-11-25).

    Price: whoever reads the file by program sees the apostrophe. A blank or line feed before the sign does not hide it.
    """
    inside = re.sub(r"([;\t\r\n][\s\"]*)(?=[-=+@\uff0b\uff0d\uff1d\uff20])", r"\1'", text)
    return f"'{inside}" if re.match(r"\s*[-=+@\uff0b\uff0d\uff1d\uff20]|[\t\r]", inside) else inside


def for_wiki(text: str) -> str:
    """A text of one line that is no picture, link, mention, macro or cell to Jira's wiki renderer."""
    return re.sub(r"([\\{\[!|])", r"\\\1", re.sub(r":(?=//)", "[:]", text))
