"""The weekly page in a real Chromium: nothing leaves it, nothing scrolls sideways, every letter can be read."""

from pathlib import Path

import pytest

from pipelines.report import weekly
from tests.browser.chromium import NEEDED
from tests.unit.report_situations import SITUATIONS, WEEK

pytestmark = NEEDED

# Contrast of every text with what is painted behind it, as WCAG 2 computes it; SVG text is painted with `fill`.
CONTRAST = """
() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const rgb = text => { const n = numbers(text); return n.length > 3 ? n : [...n.slice(0, 3), 1]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => {
    const v = c[i] / 255; return sum + w * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); }, 0);
  const ground = node => {
    const layers = [];
    for (let n = node; n; n = n.parentElement) layers.push(rgb(getComputedStyle(n).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const behind = ground(node);
    const ink = over(rgb(node instanceof SVGElement ? style.fill : style.color), behind);
    const [a, b] = [light(ink), light(behind)].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), walker.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
}
"""
OUTLINE = """
() => ({
  headings: [...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1])),
  landmarks: ['header', 'main', 'footer'].map(name => document.querySelectorAll('body > ' + name).length),
  unnamed: [...document.querySelectorAll('section, svg[role=img]')].filter(node => {
    const id = node.getAttribute('aria-labelledby');
    return !(id ? document.getElementById(id) : node.getAttribute('aria-label'));
  }).length,
  doubled: (all => all.length - new Set(all.map(n => n.id)).size)([...document.querySelectorAll('[id]')]),
  lang: document.documentElement.lang,
})
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    """Address of the page of each situation."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for name, situation in SITUATIONS.items():
        house = situation()
        made[name] = weekly.write(house.build(), WEEK, house.as_of, folder / name, "0.1.0")["html"].as_uri()
    return made


@pytest.mark.parametrize("name", SITUATIONS)
def test_nothing_leaves_the_page_and_nothing_is_complained_about(tab, pages, name):
    tab.goto(pages[name], wait_until="networkidle")
    assert tab.requests_seen == [pages[name]]
    assert tab.complaints == []
    assert tab.evaluate("() => getComputedStyle(document.querySelector('h1')).fontWeight") == "600"  # the style got in


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("width", [320, 375, 1120])
def test_no_width_scrolls_sideways(tab, pages, name, width):
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(pages[name])
    wide = """() => [...document.querySelectorAll('body *')].filter(n => !n.closest('svg') &&
        n.getBoundingClientRect().right > innerWidth + 1).map(n => n.tagName + ' ' + n.className)"""
    assert tab.evaluate(wide) == []
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_a_contrast_of_four_and_a_half(tab, pages, name, theme):
    tab.emulate_media(color_scheme=theme)
    tab.goto(pages[name])
    tab.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
    found = tab.evaluate(CONTRAST)
    assert len(found) > 30
    assert [(round(ratio, 2), text) for ratio, text in found if ratio < 4.5] == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_headings_and_landmarks_are_in_order_and_named(tab, pages, name):
    tab.goto(pages[name])
    outline = tab.evaluate(OUTLINE)
    levels = outline["headings"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    assert outline["landmarks"] == [1, 1, 1]
    assert (outline["unnamed"], outline["doubled"], outline["lang"]) == (0, 0, "en")


def test_print_is_on_paper_colours_in_the_dark_too(tab, pages):
    tab.emulate_media(color_scheme="dark", media="print")
    tab.goto(pages["signal"])
    assert tab.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert [text for ratio, text in tab.evaluate(CONTRAST) if ratio < 4.5] == []
    assert len(tab.pdf(prefer_css_page_size=True)) > 10_000


def test_a_query_id_leads_to_its_question(tab, pages):
    tab.goto(pages["signal"])
    tab.click("h2 a[href='#Q3']")
    assert tab.evaluate("() => document.querySelector('details').open") is True
    assert Path(tab.url.split("#")[0].removeprefix("file://")).name == "weekly.html"
