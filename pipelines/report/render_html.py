"""facts → one self-contained HTML page: no script, no outside request, light, dark, print and phone from one file.

Computes nothing but positions (charts). Autoescape is on for every value: what records say is text, never markup,
and no address a record holds becomes a link.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


def render(facts: dict) -> str:
    return _template().render(facts, style=_style(), policy=_policy())


@cache
def _style() -> str:
    return (TEMPLATES / "weekly.css").read_text(encoding="utf-8").strip()


def _policy() -> str:
    """Nothing may load; the one style element is let in by its hash, a style or script slipped in is not."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _template():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from pipelines.report import charts

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,  # off by default, and select_autoescape() is off for names that end in .j2
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["charts"] = charts
    environment.filters["own_style"] = Markup  # only the style sheet of this folder goes through it
    return environment.get_template("weekly.html.j2")
