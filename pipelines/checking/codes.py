"""Every code that a record can meet, and what is known of it: why it exists, how it is mended, an example of each kind.

Here: schemas/faults.yml and schemas/rules.yml as one list, and one entry as text. Not here: what either file says.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipelines.ingest.readers import yaml_events
from pipelines.others_words import for_json
from pipelines.quality.rules import CATALOGUE
from pipelines.settings import SCHEMAS

FAULTS = SCHEMAS / "faults.yml"
SET_ASIDE = "the record is set aside, and is in no figure until it is mended"
KEPT = {
    "error": "the record is kept; whoever reviews it should send it back",
    "warning": "the record is kept; whoever reviews it should ask",
}


class UnknownCode(ValueError):
    """No such code; the message names the nearest ones. Exit code 2."""


@cache
def codes() -> dict[str, dict]:
    """Code → its entry: `title`, `reason`, `fix`, and `passes` and `fails` where there are examples. As read-only."""
    return faults() | _read(CATALOGUE)["rules"]


@cache
def faults() -> dict[str, dict]:
    """The same of every fault of shape and syntax."""
    return _read(FAULTS)


def _read(path: Path) -> dict:
    return yaml_events.load(path.read_text(encoding="utf-8"))


def explained(code: str) -> str:
    """One code for people. UnknownCode where there is none."""
    return "\n".join(_entry(*_known(code)))


def as_json(code: str) -> str:
    """The same for programs: what its file says of it. UnknownCode where there is none."""
    name, entry = _known(code)
    return for_json({"code": name} | entry)


def _known(code: str) -> tuple[str, dict]:
    name = code.strip().upper()
    if name in codes():
        return name, codes()[name]
    near = difflib.get_close_matches(name, codes(), 3, 0.6)
    raise UnknownCode(f"no code {code!r}; " + (f"near it are {', '.join(near)}" if near else "all begin with PM"))


def _entry(code: str, entry: dict) -> Iterator[str]:
    severity = entry.get("severity")
    stage = entry.get("stage")
    yield f"{code}: {entry['title']}"
    yield ""
    yield f"why       {_flat(entry['reason'])}"
    yield f"severity  {severity or 'error'}: {KEPT[severity] if severity else SET_ASIDE}"
    if stage and stage != "imported":
        yield f"stage     from {stage} on"
    if "sets_aside" in entry:
        yield f"figures   it is left out of: {', '.join(entry['sets_aside'])}"
    yield f"mend      {_flat(entry['fix'])}"
    for kind in ("fails", "passes"):
        if kind in entry:
            yield f"\n{kind}:\n"
            yield from (f"    {line}" for line in entry[kind].rstrip("\n").split("\n"))


def _flat(text: str) -> str:
    return " ".join(text.split())
