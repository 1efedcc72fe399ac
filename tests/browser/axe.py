"""axe-core over an open page: what it holds against WCAG 2.2 A and AA and its own best practice.

Here: running it. Not here: which pages; contrast inside pictures, which it leaves to people (CONTRAST of
test_weekly_page.py computes it).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async rules => (await axe.run(document, {runOnly: rules})).violations.map(
  found => `${found.id} (${found.impact}), ${found.nodes.length} times: ${found.nodes[0].html}`)
"""


def violations(tab) -> list[str]:
    """A line for each rule that the page breaks, with the first place where."""
    tab.evaluate(_source())  # not as a script of the page: its policy lets none in
    return tab.evaluate(RUN, RULES)


@cache
def _source() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
