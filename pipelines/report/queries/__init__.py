"""The named queries behind the page: one .sql file per figure, here only read, filled in and run.

A query opens with `-- title:` and `-- question:`. Its parameters ($week_on, $as_of, $as_of_on) are filled in as
literals of a day and an instant, never of text, so that what is shown is what was run and can be pasted into a shell.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import msgspec

from pipelines.report.weeks import monday

HERE = Path(__file__).parent
DECIMALS = 6  # of a number in a hashed row: the last digits of a mean or quantile are no finding


@dataclass(frozen=True)
class Query:
    name: str
    title: str
    question: str
    text: str


@cache
def catalogue() -> dict[str, Query]:
    """Q1, Q2, … in the order of their numbers."""
    paths = sorted(HERE.glob("Q*.sql"), key=lambda path: int(path.stem[1:]))
    return {path.stem: _parse(path.stem, path.read_text(encoding="utf-8")) for path in paths}


def _parse(name: str, text: str) -> Query:
    head = dict(re.findall(r"^-- (title|question): (.+)$", text, flags=re.MULTILINE))
    return Query(name, head["title"], head["question"], text)


def parameters(query: Query, week: str, as_of: datetime) -> dict[str, str]:
    """The values of the parameters that this query names, as written in the facts."""
    values = {"week_on": monday(week).isoformat(), "as_of": instant(as_of), "as_of_on": _day_of(as_of).isoformat()}
    return {name: values[name] for name in sorted(set(re.findall(r"\$([a-z_]+)", query.text)))}


def run(con, name: str, week: str, as_of: datetime) -> tuple[str, list[str], list[tuple]]:
    """The SQL as run, its column names and its rows. An unknown name is a KeyError with the names there are."""
    if name not in catalogue():
        raise KeyError(f"no query {name}; there are {', '.join(catalogue())}")
    query = catalogue()[name]
    sql = query.text
    for parameter, value in parameters(query, week, as_of).items():
        literal = f"timestamptz '{as_of.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"
        sql = re.sub(rf"\${parameter}\b", literal if parameter == "as_of" else f"date '{value}'", sql)
    result = con.execute(sql)
    return sql, [column[0] for column in result.description], result.fetchall()


def result_hash(columns: list[str], rows: list[tuple]) -> str:
    """sha256 over the sorted rows, each as one line of JSON; the order of rows is presentation, not result."""
    # msgspec: a million rows took json 6 s (2026-11-25)
    encode = msgspec.json.Encoder().encode
    lines = sorted(encode([_printed(value) for value in row]) for row in rows)
    return hashlib.sha256(b"\n".join([encode(columns), *lines])).hexdigest()


def _printed(value):
    return round(value, DECIMALS) if isinstance(value, float) else value


def _day_of(as_of: datetime) -> date:
    return as_of.astimezone(UTC).date()


def instant(as_of: datetime) -> str:
    """To the microsecond only where there is one: `--as-of` must give back the very same instant."""
    text = as_of.astimezone(UTC).isoformat(timespec="auto")
    return text.replace("+00:00", "Z")
