"""facts → Markdown, for chat, mail and diffs. Computes nothing; escapes what others wrote."""

import re
from functools import cache
from pathlib import Path

from pipelines.others_words import for_markdown


def render(facts: dict) -> str:
    text = _template().render(facts)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escape(value) -> str:
    """Others' words stay words, and numbers numbers."""
    return for_markdown(str(value))


@cache
def _template():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Markdown's own escaping for every value, so that a forgotten filter cannot open a hole.
        finalize=escape,
        autoescape=False,
    )
    return environment.get_template("weekly.md.j2")
