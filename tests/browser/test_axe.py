"""The weekly page and the readings before axe-core, wide and narrow, light and dark: nothing is held against them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.readings import shelf
from pipelines.readings.records import Held
from pipelines.report import facts, render_html
from pipelines.settings import ROOT
from tests.browser.axe import violations
from tests.browser.chromium import NEEDED
from tests.projects import record
from tests.unit.report_situations import SITUATIONS, WEEK

pytestmark = NEEDED
LOOKS = [(1120, "light"), (320, "dark")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A whole reading with every field, an executive's, their index, and the pages of a week with and without news."""
    made = tmp_path_factory.mktemp("axe")
    whole = yaml_events.load((ROOT / "tests" / "records" / "whole.yml").read_text())
    records = [Held(Contract(bundle.load()).typed(one), "0" * 64, "", "UTC", None) for one in (whole, record(1))]
    for reader in ("whole", "executive"):
        shelf.write(records, reader, "html", made)
    for name in ("empty", "signal"):
        house = SITUATIONS[name]()
        (made / f"{name}.html").write_text(render_html.render(facts.build(house.build(), WEEK, house.as_of, "0.1.0")))
    return made


@pytest.mark.parametrize("name", ["INC-2026-0142", "index-executive", "empty", "signal"])
def test_axe_holds_nothing_against_it(tab, folder: Path, name: str) -> None:
    tab.goto((folder / f"{name}.html").as_uri())
    for width, theme in LOOKS:
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(color_scheme=theme)
        assert violations(tab) == []


def test_axe_would_tell(tab, folder: Path) -> None:
    text = (folder / "index.html").read_text().replace(' lang="en"', "")
    (folder / "spoilt.html").write_text(text.replace("</main>", "<img src=x></main>"))
    tab.goto((folder / "spoilt.html").as_uri())
    assert {one.split()[0] for one in violations(tab)} >= {"html-has-lang", "image-alt"}
