"""A mapping's rows, checked to be records: what is absent dropped, what is no record a Fault of its document.

Here: id, record text, path and line of each row. Not here: where rows come from (mapping.py), or whether a record fits
the contract (validate.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest.faults import Fault
from pipelines.ingest.mapping_tables import MappingError


@dataclass(frozen=True)
class Mapped:
    """One record of one document; `line` is where it begins, None where the mapping does not say."""

    path: str
    line: int | None
    id: str
    record: dict


def settle(
    mapping: Path, paths: list[str], rows: list[tuple], faults: list[tuple[str, Fault]]
) -> tuple[list[Mapped], list[tuple[str, Fault]]]:
    """Rows in the documents' order, whatever order DuckDB's threads gave them in; each checked to be a record."""
    place = {path: n for n, path in enumerate(paths)}
    strangers = sorted({str(path) for _, _, path, _ in rows if path not in place})
    if strangers:
        raise MappingError(f"{mapping}:1: `path` must be documents.path; it gave {', '.join(strangers[:3])}")
    mapped, faults = [], list(faults)
    for identity, text, path, line in sorted(rows, key=lambda row: (place[row[2]], row[3] or 0, row[0] or "")):
        try:
            mapped.append(_record(mapping, identity, text, path, line))
        except Fault as fault:
            faults.append((path, fault))
    accounted = {row[2] for row in rows} | {path for path, _ in faults}
    fix = f"let {mapping.name} read it, or name it under `ignore:` of its source"
    faults += [
        (path, Fault("PM053", "the mapping gives no record for it", fix)) for path in paths if path not in accounted
    ]
    return mapped, sorted(faults, key=lambda found: place[found[0]])


def _record(mapping: Path, identity: str | None, text: str | None, path: str, line: int | None) -> Mapped:
    if not identity or not identity.strip():
        fix = f"let {mapping.name} take one from the file's name or text, or name it under `ignore:` of its source"
        raise Fault("PM054", "the mapping gives it no id", fix, line)
    fix = f"mend the column `record` of {mapping.name}"
    try:
        record = json.loads(text or "null", parse_constant=_no_number)
    except ValueError as error:
        raise Fault("PM055", f"its `record` is not JSON: {error}", fix, line) from error
    if not isinstance(record, dict):
        raise Fault("PM055", "its `record` is not a JSON object", fix, line)
    return Mapped(path, line, identity, {"id": identity, **(_present(record) or {})} | {"id": identity})


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _present(value: object) -> object:
    """Without what is absent: NULLs, and lists and objects in which nothing is left."""
    if isinstance(value, dict):
        parts = {name: _present(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is not None} or None
    if isinstance(value, list):
        return [kept for kept in map(_present, value) if kept is not None] or None
    return value
