"""Output: whatever the facts of a page hold, its HTML and its Markdown stay still, and say it all the same.

The two renderers are the last that see a text. So here every text of the facts is hostile, those too that no record
reaches today. What a browser makes of it: tests/browser/test_hostile_pages.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import mistune
import pytest
from markdown_it import MarkdownIt

from pipelines.report import facts, render_html, render_markdown
from pipelines.report.print_forms import plain
from tests.battery import hostile, inert
from tests.unit.report_situations import SITUATIONS, WEEK

DAY = re.compile(r"\d{4}-(W\d\d|\d\d-\d\d)")
RENDERERS = {
    "html on": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render,
    "html off": MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render,
    "links of bare addresses": mistune.create_markdown(
        escape=False, plugins=["url", "table", "strikethrough", "footnotes", "def_list", "task_lists", "math"]
    ),
}


def spoilt(value: Any, texts: Iterator[str]) -> Any:
    """The facts with the next hostile text in the place of each, days and weeks left: they are no texts."""
    if isinstance(value, dict):
        return {name: spoilt(child, texts) for name, child in value.items()}
    if isinstance(value, list):
        return [spoilt(item, texts) for item in value]
    return next(texts) if isinstance(value, str) and not DAY.fullmatch(value) else value


@pytest.fixture(scope="module")
def honest() -> dict:
    return honest_facts()


def honest_facts() -> dict:
    """The facts of a page that has every part."""
    house = SITUATIONS["signal"]()
    return facts.build(house.build(), WEEK, house.as_of, "0.1.0")


def rotations(honest: dict, shape: Any = str, beacon: str = hostile.BEACON) -> Iterator[dict]:
    """Pages with the texts in turn, so that each family stands in very different places."""
    every = [shape(hostile.of(family, beacon)) for family in hostile.EVERY]
    for start in range(0, len(every), 8):
        yield spoilt(honest, islice(cycle(every), start, None))


def test_no_text_acts_in_the_html_page(honest: dict) -> None:
    for page in rotations(honest):
        assert inert.acts(render_html.render(page)) == []


def test_every_text_stands_in_the_html_page_as_it_was_written(honest: dict) -> None:
    texts = [hostile.of(family) for family in hostile.EVERY if family not in ("nul", "return")]
    page = honest | {"cannot_say": {"sentences": texts, "queries": []}}
    shown = inert.Page(render_html.render(page)).text
    assert [text for text in texts if text not in shown] == []


@pytest.mark.parametrize("name", RENDERERS)
def test_no_text_acts_in_the_markdown_page_whoever_renders_it(honest: dict, name: str) -> None:
    for page in rotations(honest, plain):
        assert inert.acts(RENDERERS[name](render_markdown.render(page)), may_link=False) == []


def test_a_text_leaves_no_cell_of_the_markdown_tables(honest: dict) -> None:
    """A renderer cuts cells that are too many: what moves is the figures, which then stand under another heading."""
    before = _shape(RENDERERS["html on"](render_markdown.render(honest)))
    assert len(before) > 100
    for page in rotations(honest, plain):
        page["changes"]["cards"] = honest["changes"]["cards"]
        assert _shape(RENDERERS["html on"](render_markdown.render(page))) == before


def _shape(html: str) -> list[str]:
    """The tags of blocks and the counts in cells, in their order: what a text may not change."""
    return [tag or count for tag, count in re.findall(r"<(table|tr|ul|ol|li|h1|h2)\b|<td[^>]*>(\d+)</td>", html)]
