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
    return _template().render(facts, style=style(), policy=policy(style()))


@cache
def style() -> str:
    """The style sheet: its first part is every page's, the rest the weekly page's."""
    return (TEMPLATES / "weekly.css").read_text(encoding="utf-8").strip()


def policy(style: str) -> str:
    """Nothing may load; the one style element is let in by its hash, a style or script slipped in is not."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def environment(folder: Path):
    """Jinja over a folder of templates, as every page is made with: escaping on, a name that is not there an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,  # off by default, and select_autoescape() is off for names that end in .j2
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["own_style"] = Markup  # only style sheets of our own go through it
    return made


@cache
def _template():
    from pipelines.report import charts

    made = environment(TEMPLATES)
    made.globals["charts"] = charts
    return made.get_template("weekly.html.j2")
