"""docs/validation.md is fresh: a small form of `make validate` meets every bar, and the page names the same ones."""

import re

import pytest

from pipelines.settings import ROOT
from validation.__main__ import PAGE, SIZES, measure
from validation.page import limits

SEED = 7


@pytest.fixture(scope="module")
def bars():
    return measure(SEED, is_small=True)


def test_the_small_form_meets_every_bar(bars):
    missed = [f"{bar.what}: {bar.found:.3f}, bar {limits(bar)}" for bar in bars if not bar.is_met]
    assert not missed


def test_the_page_holds_each_figure_with_its_bar_and_all_were_met(bars):
    page = PAGE.read_text(encoding="utf-8")
    for bar in bars:
        assert f"| {bar.method} | {bar.what} | {limits(bar)} |" in page
    assert "**no**" not in page


def test_no_method_was_tuned_on_the_seed_of_the_page():
    (seed,) = re.findall(r"Seed (\d+);", PAGE.read_text(encoding="utf-8"))
    for module in SIZES:
        assert seed not in re.findall(r"\d+", module.TUNED_ON), f"{module.__name__} was tuned on {seed}"


def test_make_validate_is_the_word_for_it():
    assert "-m validation" in (ROOT / "Makefile").read_text(encoding="utf-8")
