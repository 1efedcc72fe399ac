"""Output: whatever a record says in whatever field, its readings stay still, in both forms and for every reader.

Here: what a parser finds in them. What a browser makes of them: tests/browser/test_readings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from pipelines.contract import bundle
from pipelines.readings import catalogue, facts, render_html, render_markdown, shelf
from pipelines.readings.records import Held
from tests.battery import WHOLE, hostile, inert
from tests.battery.test_output_pages import RENDERERS

READERS = list(catalogue.load().readers)
# in the small form every fifth family in the whole reading, which has nearly all sections of the others
FAMILIES = list(hostile.EVERY) if WHOLE else [*list(hostile.EVERY)[::5], "markdown_pipe", "lines_markdown"]
CHOSEN = [(family, reader) for family in FAMILIES for reader in (READERS if WHOLE else READERS[:1])]


def pages(beacon: str = hostile.BEACON) -> Iterator[tuple[str, dict]]:
    """(family, facts) of readings in which every free text is hostile."""
    schema = bundle.load()
    for n, (family, reader) in enumerate(CHOSEN):
        text = hostile.of(family, beacon)
        yield family, facts.build(Held(hostile.record(n, text, beacon), "0" * 64, text, None, None), schema, reader)


@pytest.fixture(scope="module")
def made() -> list[tuple[str, dict]]:
    return list(pages())


def test_no_text_acts_in_a_reading_as_html(made: list) -> None:
    for family, page in made:
        assert inert.acts(render_html.render(page)) == [], family


def test_no_text_acts_in_a_reading_as_markdown_whoever_renders_it(made: list) -> None:
    for n, (family, page) in enumerate(made):
        for name in RENDERERS if WHOLE else [list(RENDERERS)[n % 3]]:
            assert inert.acts(RENDERERS[name](render_markdown.render(page)), may_link=False) == [], (family, name)


def test_no_text_adds_a_heading_a_row_or_a_cell(made: list) -> None:
    """Held against the same record of harmless text: what prose brings of its own are lists, code and quotes."""
    for n, ((family, page), (_, reader)) in enumerate(zip(made, CHOSEN, strict=True)):
        assert _shape(page) == _harmless(n % 3, reader), family


@cache
def _harmless(n: int, reader: str) -> list[str]:
    return _shape(facts.build(Held(hostile.record(n, "x"), "0" * 64, "x", None, None), bundle.load(), reader))


def _shape(page: dict) -> list[str]:
    """The blocks a renderer makes, and the bars of each row: of cells that are too many a renderer says nothing."""
    written = render_markdown.render(page)
    rows = [str(len(re.findall(r"(?<!\\)\|", line))) for line in written.splitlines() if line.startswith("|")]
    return rows + re.findall(r"<(table|tr|t[dh]|h[1-6]|hr)\b", RENDERERS["html on"](written))


def test_no_text_acts_in_an_index() -> None:
    texts = [hostile.of(family) for family in hostile.FAMILIES]
    made = [hostile.record(n, text) | {"title": text} for n, text in enumerate(texts)]
    records = [Held(record, str(n), "", None, None) for n, record in enumerate(made)]
    page = shelf.shelf(records, "whole", names := shelf.file_names(records, "whole", "html"))
    assert not [name for name in names if not re.fullmatch(r"[A-Za-z0-9._-]+", name)]
    html = inert.Page(render_html.index(page))
    assert [attributes["href"] for tag, attributes in html.tags if tag == "a"] == names
    assert {tag for tag, _ in html.tags} <= inert.TAGS
    written = RENDERERS["html on"](render_markdown.index(page))
    assert re.findall(r'href="([^"]*)"', written) == names
    assert inert.acts(written.replace('<a href="', '<a href="#')) == []
