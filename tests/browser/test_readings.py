"""Readings in a real Chromium: nothing leaves them or runs, nothing scrolls sideways, every letter can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.readings import render_html, render_markdown, shelf
from pipelines.readings.records import Held, of_files
from pipelines.settings import ROOT
from tests.battery import WHOLE, hostile
from tests.battery.beacon import listening
from tests.battery.test_output_pages import RENDERERS
from tests.battery.test_output_readings import pages
from tests.browser.chromium import NEEDED
from tests.browser.test_hostile_pages import opened
from tests.browser.test_weekly_page import CONTRAST, OUTLINE

pytestmark = NEEDED


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Whole readings of a record with every field and of one with far-off phases, and their index."""
    made = tmp_path_factory.mktemp("readings")
    whole = yaml_events.load((ROOT / "tests" / "records" / "whole.yml").read_text())
    records = [Held(Contract(bundle.load()).typed(whole), "0" * 64, "", "UTC", None)]
    worked = ROOT / "examples" / "records"
    records += of_files(None, [worked / "INC-2026-0192.yml"])
    shelf.write(records, "whole", "html", made)
    return made


NAMES = ["INC-2026-0142", "INC-2026-0192", "index"]


@pytest.mark.parametrize("name", NAMES)
def test_a_reading_is_one_quiet_file_whose_parts_are_named(tab, folder: Path, name: str):
    address = (folder / f"{name}.html").as_uri()
    tab.goto(address, wait_until="networkidle")
    assert (tab.requests_seen, tab.complaints) == ([address], [])
    outline = tab.evaluate(OUTLINE)
    levels = outline["headings"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    assert (outline["landmarks"], outline["unnamed"], outline["doubled"]) == ([1, 1, 1], 0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_no_width_scrolls_sideways_and_every_text_can_be_read(tab, folder: Path, name: str):
    tab.goto((folder / f"{name}.html").as_uri())
    for width in (320, 375, 1120):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
    for theme, media in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        tab.emulate_media(color_scheme=theme, media=media)
        found = tab.evaluate(CONTRAST)
        assert len(found) > 10
        assert [(round(ratio, 2), text) for ratio, text in found if ratio < 4.5] == []


def test_the_index_leads_to_each_reading(tab, folder: Path):
    tab.goto((folder / "index.html").as_uri())
    tab.click("a >> nth=1")
    assert tab.title().startswith("INC-2026-0192 · ")


def test_the_phases_stand_in_the_order_of_their_moments(tab, folder: Path):
    tab.goto((folder / "INC-2026-0192.html").as_uri())
    places = tab.evaluate("() => [...document.querySelectorAll('circle.moment')].map(c => c.getBoundingClientRect().x)")
    assert len(places) >= 5 and places == sorted(places)
    assert tab.evaluate("() => document.querySelectorAll('path.break').length") == 1


@pytest.fixture(scope="module")
def beacon() -> Iterator[tuple[str, list[str]]]:
    with listening() as server:
        yield server


def test_no_text_acts_in_either_form(tab, tmp_path: Path, beacon: tuple) -> None:
    made = [(family, page) for family, page in pages(beacon[0]) if page["reader"]["name"] == "whole"]
    for family, page in made if WHOLE else made[:: len(made) // 3]:
        assert opened(tab, render_html.render(page), tmp_path, beacon[1]) == [], family
        for render in RENDERERS.values() if WHOLE else [RENDERERS["html on"]]:
            html = render(render_markdown.render(page))
            assert opened(tab, f'<meta charset="utf-8">{html}', tmp_path, beacon[1]) == [], family


def test_no_text_makes_a_reading_wider_than_a_phone(tab, tmp_path: Path) -> None:
    tab.set_viewport_size({"width": 320, "height": 800})
    longest = sorted(hostile.FAMILIES, key=lambda family: -len(hostile.of(family)))[: None if WHOLE else 2]
    for n, family in enumerate(longest):
        one = Held(hostile.record(n, hostile.of(family)), "0" * 64, "", None, None)
        (tmp_path / "page.html").write_text(shelf.rendered(one, "whole", "html"))
        tab.goto((tmp_path / "page.html").as_uri())
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= 320, family
