"""Problems for programs: one JSON object, or GitHub's workflow commands, which become remarks beside the changed lines.

Here: the two forms. Not here: finding problems (check.py), the form for people (screen.py).
"""

from __future__ import annotations

from dataclasses import asdict

from pipelines.checking.check import ERROR, WARNING, Checked, Problem
from pipelines.checking.screen import where
from pipelines.ingest.readers.text import printable
from pipelines.others_words import for_json


def as_json(checked: Checked) -> str:
    """Counts, `problems` in the order of file and line, and by record what the `next_stage` asks for."""
    return for_json({
        "records": checked.records,
        "errors": checked.count(ERROR),
        "warnings": checked.count(WARNING),
        "problems": [asdict(problem) | {"file": where(checked, problem)} for problem in checked.problems],
        "next_stage": [
            {"file": where(checked, one), "record_id": one.record_id, "stage": one.stage, "next": one.next,
             "fields": one.fields}
            for one in checked.next_stages
        ],
    })  # fmt: skip


def as_github(checked: Checked) -> str:
    """A line for each problem, such as `::error file=a.yml,line=3,col=1,title=PM022::…`."""
    return "\n".join(_command(checked, problem) for problem in checked.problems)


def _command(checked: Checked, problem: Problem) -> str:
    about = {"file": where(checked, problem), "line": problem.line, "col": problem.column, "title": problem.code}
    given = ",".join(f"{name}={_property(str(value))}" for name, value in about.items() if value is not None)
    field = f"{problem.field}: " if problem.field else ""
    return f"::{problem.severity} {given}::{_data(f'{field}{problem.message}; {problem.fix}')}"


def _data(text: str) -> str:
    """As GitHub reads it back: a percent sign is written %25. A line break cannot come: it is shown as its escape."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
