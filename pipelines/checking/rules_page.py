"""docs/rules.md: every code that an author or a run can meet, with its reason, its fix and an example of each kind.

Here: the page as text; `python -m pipelines.checking.rules_page` writes it. Not here: any rule. What goes beyond the
shape of a record stands in schemas/rules.yml, what concerns shape and syntax in schemas/faults.yml.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from pipelines.checking import codes
from pipelines.quality import rules
from pipelines.quality.rules import Catalogue, Rule
from pipelines.settings import ROOT

PAGE = ROOT / "docs" / "rules.md"
HEAD = """# Rules and faults, code by code

`python -m pipelines.checking.rules_page` writes this page from `schemas`; a test holds the two together. Numbers are
never used again.

An **error** is what a reviewer must send back, a **warning** what a reviewer should ask about; neither sets a record
aside. A rule is judged from the stage named on: a draft is not asked what only a published record can answer.
`imported` means every record, those mapped from other formats too. An example shows the fields that matter and leaves
out the rest of the record. Where too few records of a source keep a rule, the run says so or publishes nothing; the
share stands with each rule.
"""
FAULTS_HEAD = """
## Shape and syntax

A record with one of these is set aside, with file, line and column, and is in no figure until it is mended.
"""


def page() -> str:
    """The whole page."""
    catalogue, faults = rules.load(), codes.faults()
    return "\n".join([HEAD, *_contents(catalogue, faults), *_rules(catalogue), *_faults(faults), ""])


def _contents(catalogue: Catalogue, faults: dict) -> Iterator[str]:
    yield "| code | what is kept | severity | from stage |\n|---|---|---|---|"
    for concern, found in _by_concern(catalogue):
        yield f"| **{_spoken(concern)}** | {_cell(catalogue.concerns[concern])} | | |"
        yield from (f"| {_link(one.id)} | {_cell(one.title)} | {one.severity} | {one.stage} |" for one in found)
    yield "| **Shape and syntax** | What can be read, and has the fields and words of the contract. | | |"
    yield from (f"| {_link(code)} | {_cell(fault['title'])} | set aside | every |" for code, fault in faults.items())


def _rules(catalogue: Catalogue) -> Iterator[str]:
    for concern, found in _by_concern(catalogue):
        yield f"\n## {_spoken(concern)}\n\n{catalogue.concerns[concern]}"
        for one in found:
            yield from _entry(one.id, one.title, one.reason, one.fix)
            yield f"\n{_when(one)}"
            yield from _example("Fails", one.fails)
            yield from _example("Passes", one.passes)


def _faults(faults: dict) -> Iterator[str]:
    yield FAULTS_HEAD.rstrip()
    for code, fault in faults.items():
        yield from _entry(code, fault["title"], fault["reason"], fault["fix"])
        yield from (line for kind in ("fails", "passes") for line in _example(kind.title(), fault.get(kind)))


def _entry(code: str, title: str, reason: str, fix: str) -> Iterator[str]:
    yield f"\n### {code}\n\n**{title}.** {' '.join(reason.split())}\n\n*How to mend it:* {' '.join(fix.split())}"


def _when(rule: Rule) -> str:
    """Severity, stage, and what follows where the rule is broken."""
    judged = f"from `{rule.stage}` on" if rule.stages else "at every stage"
    said = [f"{rule.severity.title()}, {judged}"]
    if rule.threshold.needed:
        blocks = "nothing is published" if rule.threshold.severity == "critical" else "the run warns"
        since = f" (from {rule.threshold.at_least} records on)" if rule.threshold.at_least > 1 else ""
        said.append(f"below {rule.threshold.needed:.0%} of a source's records {blocks}{since}")
    if rule.sets_aside:
        said.append(f"left out of the figures: {', '.join(rule.sets_aside)}")
    if rule.depends_on:
        said.append(f"depends on {_spoken(rule.depends_on).lower()} too, so judged anew in each run")
    return "; ".join(said) + "."


def _example(kind: str, text: str | None) -> Iterator[str]:
    if text:
        yield f"\n{kind}:\n\n```yaml\n{text.rstrip()}\n```"


def _by_concern(catalogue: Catalogue) -> Iterator[tuple[str, Iterator[Rule]]]:
    order = list(catalogue.concerns)
    return groupby(
        sorted(catalogue.rules, key=lambda rule: (order.index(rule.concern), rule.id)), attrgetter("concern")
    )


def _spoken(word: str) -> str:
    return word.replace("_", " ").capitalize()


def _link(code: str) -> str:
    return f"[{code}](#{code.lower()})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
