"""The two renderers: whole in every situation, small, the same bytes again, and no way in for what a record says."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest

from pipelines.report import facts, render_html, render_markdown, weekly
from tests.unit.report_situations import MONDAY, SITUATIONS, WEEK

CSS = (render_html.TEMPLATES / "weekly.css").read_text(encoding="utf-8")
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "[x](https://evil.example/a) ![y](//evil.example/b)",
    "| cell | `code` **bold** <https://evil.example>",
    "www.evil.example\u2028\u0000\u202e",
]


class Page(HTMLParser):
    """What a browser would see: the tags, their attributes and the text."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def hostile_house():
    """From little, so that every hostile team is among those shown."""
    house = SITUATIONS["one_incident"]()
    for i, text in enumerate(HOSTILE):
        house.incident(f"H{i}", MONDAY, text, source=text)
        house.cause(f"H{i}", "root_cause", text, text)
        house.action(f"H{i}", text, text, "late_over_30", title=text)
        house.action(f"H{i}", text, text, "closed", title=text, verification="did_not_hold")
        house.line(f"FL-{i:08x}", [f"H{i}"], root_cause=text, artifact=text, service=text, category=text)
        house.named(f"FL-{i:08x}", text, is_found=i % 2 == 0, owner_team=text, note=text)
        house.add("quality.findings", rule=text, severity=text, record_id=f"H{i}", revision_id=f"H{i}-r1")
        house.add(
            "raw.quarantine", generation=1, received_at=house.as_of, source=text, path=f"H{i}.yml", line=i,
            field=text, code=text, message=text, fix=text, file_sha256=f"sha-H{i}.yml",
        )  # fmt: skip
    return house


def made(house) -> dict:
    return facts.build(house.build(), WEEK, house.as_of, "0.1.0")


@pytest.fixture(scope="module")
def pages() -> dict[str, dict]:
    return {name: made(situation()) for name, situation in SITUATIONS.items()} | {"hostile": made(hostile_house())}


@pytest.mark.parametrize("name", [*SITUATIONS, "hostile"])
def test_the_page_loads_nothing_runs_nothing_and_links_only_to_itself(pages, name):
    page = Page(render_html.render(pages[name]))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "link", "object", "embed", "form", "base", "video", "use", "image"}
    for _, attributes in page.tags:
        assert not [key for key in attributes if key.startswith("on") or key in ("src", "style", "xlink:href")]
        assert attributes.get("href", "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import|@font-face", CSS)


def test_a_policy_lets_in_the_one_style_and_nothing_else(pages):
    html = render_html.render(pages["signal"])
    policy = next(a["content"] for tag, a in Page(html).tags if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search("<style>(.*?)</style>", html, flags=re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hostile_words_are_shown_as_words(pages):
    text = Page(render_html.render(pages["hostile"])).text
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}{% raw %}" in text
    assert not set("\u2028\u0000\u202e") & set(text)


def test_markdown_holds_no_markup_of_others(pages):
    from markdown_it import MarkdownIt

    text = render_markdown.render(pages["hostile"])
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert {tag for tag, _ in Page(html).tags} <= {
        "h1", "h2", "p", "strong", "ol", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td", "blockquote",
        "br",
    }  # fmt: skip
    assert not re.search(r"https?://|(?<!\\)www\.", text)


def test_every_table_of_the_markdown_has_as_many_cells_in_each_row(pages):
    for name, page in pages.items():
        for table in re.findall(r"(?:^\|.*\n)+", render_markdown.render(page), flags=re.MULTILINE):
            rows = table.strip().split("\n")
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1, name
            assert len(rows) > 2, name


@pytest.mark.parametrize("name", SITUATIONS)
def test_both_pages_say_the_verdict_and_what_they_cannot_say(pages, name):
    page = pages[name]
    html = Page(render_html.render(page)).text
    markdown = render_markdown.render(page)
    for sentence in page["verdict"]["sentences"] + page["cannot_say"]["sentences"]:
        assert sentence in html
        assert render_markdown.escape(sentence) in markdown
    assert page["reproduce"]["page"] in html
    assert page["reproduce"]["page"] in markdown


def test_a_page_of_synthetic_records_says_so_before_anything_else(pages):
    page = pages["one_incident"]
    text = Page(render_html.render(page)).text
    assert text.index(page["banner"]) < text.index(page["page"]["title"], text.index("}"))
    assert render_markdown.render(page).index("Synthetic") < 250
    assert 'class="banner"' not in render_html.render(pages["signal"])


def test_a_bar_still_being_filed_is_drawn_apart_with_the_span_that_is_likely(pages):
    weeks = [week for card in pages["thirty_lines"]["changes"]["cards"] for week in card["weeks"]]
    still_open = [week for week in weeks if week["likely_high"] is not None]
    html = render_html.render(pages["thirty_lines"])
    assert html.count('class="sofar"') == sum(week["incidents"] > 0 for week in still_open) > 0
    assert html.count('class="likely"') == sum(week["likely_low"] < week["likely_high"] for week in still_open) > 0
    assert 'class="likely"' not in render_html.render(pages["quiet"])


def test_two_thousand_incidents_stay_under_a_hundred_kibibytes():
    house, random = SITUATIONS["thirty_teams"](), Random(1)
    for i in range(2000):
        house.incident(f"M{i}", MONDAY - timedelta(days=random.randrange(360)), "service_degradation")
        for phase in ("mitigate", "resolve"):
            for basis in ("stated", "computed"):
                house.phase(f"M{i}", phase, basis, random.lognormvariate(6, 3))
    assert len(render_html.render(made(house)).encode()) <= 100 * 1024


def test_the_three_files_are_written_whole_and_the_same_again(tmp_path: Path):
    house = SITUATIONS["signal"]()
    con = house.build()
    paths = weekly.write(con, WEEK, house.as_of, tmp_path / "a", "0.1.0")
    again = weekly.write(con, WEEK, house.as_of, tmp_path / "b", "0.1.0")
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"facts.json", "weekly.md", "weekly.html"}
    assert {kind: path.read_bytes() for kind, path in paths.items()} == {k: p.read_bytes() for k, p in again.items()}
    assert json.loads(paths["facts"].read_bytes())["page"]["week"] == WEEK


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_marks_and_words_stand_out_from_the_paper_in_both_themes(theme):
    root = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", root))
    for mark in ("mark", "edge", "signal", "soft"):
        assert contrast(colours[mark], colours["paper"]) >= 3, mark
    for words in ("ink", "soft", "signal"):
        assert contrast(colours[words], colours["paper"]) >= 4.5, words
        assert contrast(colours[words], colours["raised"]) >= 4.5, words
    assert contrast(colours["sun-ink"], colours["sun"]) >= 4.5
