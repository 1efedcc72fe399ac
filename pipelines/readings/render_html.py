"""facts of a reading → one self-contained HTML page, in the style of the weekly page; with several, their index.

Computes nothing but positions (pictures.py). Autoescape is on for every value: what a record says is text. No address a
record holds becomes a link; the index links to the files beside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.report import render_html as weekly

TEMPLATES = Path(__file__).parent / "templates"


def render(facts: dict) -> str:
    return _template("reading.html.j2").render(facts, style=_style(), policy=weekly.policy(_style()))


def index(page: dict) -> str:
    """The page that leads to several readings."""
    return _template("index.html.j2").render(page, style=_style(), policy=weekly.policy(_style()))


@cache
def _style() -> str:
    return weekly.style() + "\n" + (TEMPLATES / "reading.css").read_text(encoding="utf-8").strip()


@cache
def _template(name: str):
    from pipelines.readings import pictures

    made = weekly.environment(TEMPLATES)
    made.globals["pictures"] = pictures
    return made.get_template(name)
