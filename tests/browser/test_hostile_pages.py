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
from pipelines.report import facts, render_html, render_markdown
from pipelines.report.print_forms import plain
from tests.battery import WHOLE, hostile
from tests.battery.beacon import listening
from tests.battery.test_output_pages import RENDERERS, honest_facts, rotations
from tests.browser.chromium import NEEDED
from tests.unit.mart_fixture import Warehouse
from tests.unit.report_situations import MONDAY, SITUATIONS, WEEK

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


def test_no_text_makes_the_page_wider_than_a_phone(tab, tmp_path: Path) -> None:
    """What records can bring to the page, at its longest: teams, titles, codes, sources, fixes."""
    tab.set_viewport_size({"width": 320, "height": 800})
    longest_first = sorted(hostile.EVERY, key=lambda family: -len(hostile.of(family)))
    for start in range(0, len(longest_first) if WHOLE else 9, 9):
        house = _house([hostile.of(family) for family in longest_first[start : start + 9]])
        page = facts.build(house.build(), WEEK, house.as_of, "0.1.0")
        (tmp_path / "page.html").write_text(render_html.render(page))
        tab.goto((tmp_path / "page.html").as_uri())
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= 320


def _house(texts: list[str]) -> Warehouse:
    """A warehouse in which each text is a team, a title, a code, a source and a fix that the page shows."""
    house = SITUATIONS["one_incident"]()
    for n, text in enumerate(texts):
        house.incident(f"H{n}", MONDAY, None, source=text)
        house.cause(f"H{n}", "root_cause", text, text)
        house.action(f"H{n}", "A1", text, "late_over_30", title=text)
        house.action(f"H{n}", "A2", text, "closed", title=text, verification="did_not_hold")
        house.add("quality.findings", rule=text, severity=text, record_id=f"H{n}", revision_id=f"H{n}-r1")
        house.add(
            "raw.quarantine", generation=1, received_at=house.as_of, source=text, path=f"H{n}.yml", line=n, field=text,
            code=text, message=text, fix=text, file_sha256=f"sha-H{n}.yml",
        )  # fmt: skip
    return house


def test_the_same_texts_do_act_where_nothing_is_escaped(tab, tmp_path: Path, beacon: tuple) -> None:
    texts = "\n".join(hostile.of(family, beacon[0]) for family in ("image_error", "image_remote", "script"))
    happened = opened(tab, texts, tmp_path, beacon[1])
    assert [1, 1] in happened and "/i.png" in happened and "/js" in happened
