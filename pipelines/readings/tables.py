"""Lists of a record as tables: which entries, which columns, and what each cell says.

Here: tables of facts. Not here: how they look. A column that no entry fills is left out and noted, once, as not stated;
an empty cell of another says so itself.
"""

from __future__ import annotations

from typing import Any

from pipelines.readings import catalogue
from pipelines.readings.notes import Notes, absence
from pipelines.readings.prose import run
from pipelines.readings.values import NOT_STATED, inline
from pipelines.report.print_forms import words

# letters of a column narrow enough to stand unbroken: ids, words, moments
SHORT = len("2026-08-19 09:30 UTC")


def entries(record: dict, path: str) -> list[dict] | None:
    """The entries of the list at a path, None where it is not there. Those of a list within entries of another carry
    the id of the entry they stand in."""
    above, _, name = path.rpartition(".")
    holder = inside(record, above) if above else record
    if isinstance(holder, list):
        found = [({"id": one["id"]} if "id" in one else {}) | entry for one in holder for entry in one.get(name, [])]
        return found or None
    return (holder or {}).get(name)


def is_kept(entry: dict, part: dict) -> bool:
    """Whether a part shows an entry: every `where` holds, and what it must be `having` is there."""
    is_among = all(entry.get(key) in allowed for key, allowed in part.get("where", {}).items())
    return is_among and ("having" not in part or not absence(inside(entry, part["having"])))


def columns(schema: dict, part: dict) -> dict[str, dict]:
    """The places of the contract that a part's columns are of; `id` is the outer entry's where the inner has none."""
    path = part["table"]
    own = catalogue.node(schema, path)["items"]["properties"]
    above = path.rpartition(".")[0]
    return {
        column: catalogue.node(schema, f"{above}.id" if column == "id" and "id" not in own else f"{path}.{column}")
        for column in part["columns"]
    }


def table(kept: list[dict], shape: dict[str, dict], notes: Notes, zone: str | None) -> dict:
    """The table of some entries; no columns where none of them says anything."""
    heads, cells = [], []
    for path, node in shape.items():
        name = node.get("title", words(path))
        values = [inside(entry, path) for entry in kept]
        if all(absence(value) == NOT_STATED for value in values):
            notes.note(NOT_STATED, name)
            continue
        column = [_cell(name, value, node, notes, zone) for value in values]
        heads.append({"name": name, "is_short": is_short(column)})
        cells.append(column)
    return {"kind": "table", "columns": heads, "rows": [list(row) for row in zip(*cells, strict=True)]}


def is_short(column: list[list[dict]]) -> bool:
    return all(sum(len(one["text"]) for one in cell) <= SHORT for cell in column)


def _cell(name: str, value: Any, node: dict, notes: Notes, zone: str | None) -> list[dict]:
    if notes.is_missing(name, value):
        return [run(NOT_STATED, "said")]
    notes.inside(name, value)
    return inline(value, node, zone)


def inside(value: Any, path: str) -> Any:
    """What stands at a path of objects; None where nothing does, or a list is on the way."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
