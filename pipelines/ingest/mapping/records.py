"""A mapping's rows, checked to be records: what is absent dropped, what is no record a Fault of its unit.

Here: id, record text, path and line of each row. Not here: where rows come from (query.py), or whether a record fits
the contract (validate.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ingest.faults import Fault
from pipelines.ingest.mapping.tables import UNMAPPED, MappingError, Numbered
from pipelines.ingest.readers import json_strict
from pipelines.ingest.readers.text import MAX_BYTES


@dataclass(frozen=True)
class Mapped:
    """One record; `line` is where it begins. `unmapped`: (field, their word) for which `our_word` knew no
    counterpart."""

    path: str
    line: int | None
    id: str
    record: dict
    unmapped: tuple[tuple[str, str], ...] = ()


def settle(
    mapping: Path,
    units: list[Numbered],
    rows: list[tuple],
    faults: list[tuple[Numbered, Fault]],
    are_rows: bool = False,
) -> Iterator[tuple[str, Mapped | Fault]]:
    """Rows in the units' order, whatever order DuckDB's threads gave them in; each checked to be a record."""
    place = _Places(mapping, units)
    found: dict[int, list[tuple[str, Mapped | Fault]]] = {unit.number: [(unit.path, fault)] for unit, fault in faults}
    for identity, text, path, item, line in sorted(rows, key=lambda row: (row[4] or 0, row[0] or "", row[1] or "")):
        unit = place.of(path, item)
        made = _checked(mapping, identity, text, path, line or unit.line)
        found.setdefault(unit.number, []).append((path, made))
    for unit in units:
        yield from found.get(unit.number) or [(unit.path, _nothing(mapping, unit, are_rows))]


class _Places:
    """Which unit a row's `path` and `item` name."""

    def __init__(self, mapping: Path, units: list[Numbered]) -> None:
        self.mapping = mapping
        self.in_file: dict[str, list[Numbered]] = {}
        for unit in units:
            self.in_file.setdefault(unit.path, []).append(unit)
        self.at = {(unit.path, item): unit for unit in units for item in unit.items}

    def of(self, path: str | None, item: int | None) -> Numbered:
        here = self.in_file.get(path, ())
        if len(here) == 1:
            return here[0]
        if not here:
            raise MappingError(f"{self.mapping}:1: `path` must be documents.path or rows.path; it gave {path}")
        if (path, item) not in self.at:
            raise MappingError(
                f"{self.mapping}:1: {path} holds several records, and `item` must be documents.item or rows.item "
                f"(of rows that are grouped: min(item)); it gave {item}"
            )
        return self.at[path, item]


def _nothing(mapping: Path, unit: Numbered, is_row: bool) -> Fault:
    fix = f"let {mapping.name} read it, or leave it out by `ignore` or `skip` of its source"
    if is_row:
        fix += "; where several rows make one record, `group_by` of the source names their column"
    return Fault("PM053", "the mapping gives no record for it", fix, unit.line)


def _checked(mapping: Path, *row: Any) -> Mapped | Fault:
    try:
        return _record(mapping, *row)
    except Fault as fault:
        return fault


def _record(mapping: Path, identity: str | None, text: str | None, path: str, line: int | None) -> Mapped:
    if not identity or not identity.strip() or UNMAPPED in identity:
        fix = f"let {mapping.name} take one from name or text, or leave it out by `ignore` or `skip` of its source"
        raise Fault("PM054", "the mapping gives it no id", fix, line)
    fix = f"mend the column `record` of {mapping.name}, or what it is made of"
    if len(text or "") > MAX_BYTES:
        raise Fault("PM005", f"its `record` has {len(text):,} characters; at most {MAX_BYTES:,} are read", fix, line)
    try:
        # as strictly as a record that is read: a Parquet file, a lookup or SQL may hold what no text file may
        record = json_strict.load(text or "null")
    except Fault as fault:
        raise Fault("PM055", f"its `record` is refused: {fault.message}", fix, line, field=fault.field) from fault
    if not isinstance(record, dict):
        raise Fault("PM055", "its `record` is not a JSON object", fix, line)
    unmapped: list[tuple[str, str]] = []
    present = _present(record, "", unmapped) or {}
    return Mapped(path, line, identity, {"id": identity, **present} | {"id": identity}, tuple(unmapped))


def _present(value: object, field: str, unmapped: list[tuple[str, str]]) -> object:
    """Without what is absent: NULLs, lists and objects in which nothing is left, and words without a counterpart."""
    if isinstance(value, dict):
        parts = {name: _present(part, f"{field}.{name}" if field else name, unmapped) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is not None} or None
    if isinstance(value, list):
        return [kept for item in value if (kept := _present(item, f"{field}[]", unmapped)) is not None] or None
    if isinstance(value, str) and UNMAPPED in value:
        unmapped.append((field, value.split(UNMAPPED)[1]))
        return None
    return value
