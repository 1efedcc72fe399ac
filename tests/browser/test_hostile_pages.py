"""Hostile text in a real Chromium: the page, its Markdown and Dagster's tables run nothing, load nothing, ask nobody.

The Markdown is opened as its renderers give it, without any policy: what holds there is the escaping alone. That this
browser would tell, the last test shows: the same texts without escaping act at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from pipelines.ingest.quarantine import as_table
from pipelines.quality.checks import check
from pipelines.quality.verdicts import Verdict
from pipelines.report import render_html, render_markdown
from pipelines.report.print_forms import plain
from tests.battery import WHOLE, hostile
from tests.battery.beacon import listening
from tests.battery.test_output_pages import RENDERERS, honest_facts, rotations
from tests.browser.chromium import NEEDED

pytestmark = NEEDED
PAGES = None if WHOLE else 2
# everything is hovered, focused and clicked, so that no handler waits for a person
TOUCH = """
() => { for (const node of document.querySelectorAll('*')) {
  for (const kind of ['mouseover', 'mouseenter', 'mousemove', 'focus', 'toggle', 'error', 'load', 'begin', 'start'])
    node.dispatchEvent(new Event(kind));
  if (node.focus) node.focus();
  if (node.click && node.tagName !== 'A') node.click();
} }
"""


@pytest.fixture(scope="module")
def beacon() -> Iterator[tuple[str, list[str]]]:
    with listening() as server:
        yield server


def acted(tab, path: Path, asked: list[str]) -> list:
    """All that happened when a file was opened and touched: dialogs, code, requests."""
    asked.clear()
    tab.goto(path.as_uri(), wait_until="load")
    tab.evaluate(TOUCH)
    tab.wait_for_timeout(300)
    happened = [*tab.dialogs, *asked, *(url for url in tab.requests_seen if url.split("#")[0] != path.as_uri())]
    ran = tab.evaluate("() => [window.canary ?? 0, document.scripts.length]")
    return happened + ([] if ran == [0, 0] else [ran])


def opened(tab, html: str, folder: Path, asked: list[str]) -> list:
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8", errors="replace")
    return acted(tab, path, asked)


def test_no_text_acts_in_the_html_page(tab, tmp_path: Path, beacon: tuple) -> None:
    for page in islice(rotations(honest_facts(), beacon=beacon[0]), PAGES):
        assert opened(tab, render_html.render(page), tmp_path, beacon[1]) == []


@pytest.mark.parametrize("name", RENDERERS)
def test_no_text_acts_in_the_markdown_page(tab, tmp_path: Path, beacon: tuple, name: str) -> None:
    for page in islice(rotations(honest_facts(), plain, beacon[0]), PAGES):
        html = RENDERERS[name](render_markdown.render(page))
        assert opened(tab, f'<meta charset="utf-8">{html}', tmp_path, beacon[1]) == []


@pytest.mark.parametrize("name", RENDERERS)
def test_no_text_acts_in_the_tables_of_dagster(tab, tmp_path: Path, beacon: tuple, name: str) -> None:
    texts = [hostile.of(family, beacon[0]) for family in hostile.EVERY]
    rejected = as_table([("own", text, 1, 1, text, "PM020", text, text) for text in texts])
    verdicts = [
        Verdict(text, "c", text, text, "warning", False, 9, 1, 1.0, 0.9, None, (text, f"{beacon[0]}/H1"))
        for text in texts
    ]
    checked = check("c", verdicts).metadata["expectations"].value
    for table in (rejected, checked):
        assert opened(tab, RENDERERS[name](table), tmp_path, beacon[1]) == []


def test_the_same_texts_do_act_where_nothing_is_escaped(tab, tmp_path: Path, beacon: tuple) -> None:
    texts = "\n".join(hostile.of(family, beacon[0]) for family in ("image_error", "image_remote", "script"))
    happened = opened(tab, texts, tmp_path, beacon[1])
    assert [1, 1] in happened and "/i.png" in happened and "/js" in happened
