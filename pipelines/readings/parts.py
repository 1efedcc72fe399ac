"""A part of a section, over one record, as blocks: prose, fields, entries, items, pictures, a domain pack's fields.

Here: a method for each kind of part that schemas/readings.yml may name. Not here: tables (tables.py), which parts a
reader is shown (the catalogue), how a value is written (values.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.readings import catalogue, tables
from pipelines.readings.matrix import matrix
from pipelines.readings.moments import in_words, phases
from pipelines.readings.notes import Notes
from pipelines.readings.prose import paragraph
from pipelines.readings.records import Held
from pipelines.readings.values import EMPTY, NOT_STATED, inline, is_one_value, written
from pipelines.report.print_forms import words

NOTHING = {"kind": "prose", "blocks": [paragraph(EMPTY, "said")]}


@dataclass
class Parts:
    """One record, its contract, and where what it lacks is noted."""

    held: Held
    schema: dict
    notes: Notes

    def blocks(self, part: dict) -> Iterator[dict]:
        """The blocks of a part, under its name where it has one; none where the record says nothing."""
        kind = next(kind for kind in catalogue.KINDS if kind in part)
        made = list(getattr(self, f"_{kind}")(part))
        if made and "name" in part:
            yield {"kind": "heading", "text": part["name"]}
        yield from made

    def _prose(self, part: dict) -> Iterator[dict]:
        node, value = self._at(part["prose"])
        if not self.notes.is_missing(node["title"], value):
            yield {"kind": "prose", "blocks": written(value, node, self.held.zone)}

    def _fields(self, part: dict) -> Iterator[dict]:
        rows: list[dict] = []
        for path in part["fields"]:
            node, value = self._at(path)
            if "properties" in node and value and not is_one_value(node):
                yield from [{"kind": "fields", "rows": rows}] if rows else []
                rows = []
                yield {"kind": "heading", "text": node["title"]}
                yield {"kind": "fields", "rows": self._rows(value, node)}
            elif not self.notes.is_missing(node["title"], value):
                rows.append(self._row(node["title"], value, node))
        if rows:
            yield {"kind": "fields", "rows": rows}

    def _rows(self, value: dict, node: dict) -> list[dict]:
        """One row for each key of an object; what it lacks is noted under its title."""
        rows = []
        for key, under in node["properties"].items():
            name = under.get("title", words(key))
            self.notes.is_missing(f"{node['title']}: {name[:1].lower()}{name[1:]}", value.get(key))
            if key in value:
                rows.append(self._row(name, value[key], under))
        return rows

    def _row(self, name: str, value: Any, node: dict) -> dict:
        self.notes.inside(name, value)
        return {"name": name, "blocks": written(value, node, self.held.zone)}

    def _entries(self, part: dict) -> Iterator[dict]:
        node, value = self._at(part["entries"])
        if self.notes.is_missing(node["title"], value):
            return
        fields = node["items"]["properties"]
        self.notes.lacking(value, node["items"], node["title"])
        for entry in value:
            heads = [inline(entry[key], fields[key], self.held.zone) for key in part["heads"] if key in entry]
            left = [key for key in fields if key in entry and key not in part["heads"]]
            rows = [self._row(fields[key].get("title", words(key)), entry[key], fields[key]) for key in left]
            yield {"kind": "entry", "heads": heads, "rows": rows}
        if not value:
            yield NOTHING

    def _table(self, part: dict) -> Iterator[dict]:
        path = part["table"]
        node, entries = catalogue.node(self.schema, path), tables.entries(self.held.record, path)
        if self.notes.is_missing(node["title"], entries):
            return
        kept = [entry for entry in entries if tables.is_kept(entry, part)]
        made = tables.table(kept, tables.columns(self.schema, part), self.notes, self.held.zone)
        if made["columns"]:
            yield made
        elif not kept:
            yield NOTHING

    def _items(self, part: dict) -> Iterator[dict]:
        node, value = self._at(part["items"])
        if not self.notes.is_missing(node["title"], value):
            self.notes.inside(node["title"], value)
            yield {"kind": "heading", "text": node["title"]}
            yield {"kind": "items", "items": [inline(item, node["items"], self.held.zone) for item in value]}

    def _picture(self, part: dict) -> Iterator[dict]:
        record, zone = self.held.record, self.held.zone
        if part["picture"] == "phases":
            rows = phases(record, self.schema, zone)
            for row in rows:
                self.notes.is_missing(row["name"], record.get("chronology", {}).get(row["field"]))
            if record.get("chronology"):
                yield {"kind": "phases", "rows": rows, "text": in_words(rows)}
            return
        node, cells = self._at("analysis.matrix")
        self.notes.inside(node["title"], cells)
        if found := matrix(record, self.schema, zone):
            yield {"kind": "matrix"} | found
        else:
            self.notes.note(NOT_STATED, node["title"])

    def _pack(self, _part: dict) -> Iterator[dict]:
        record = self.held.record
        pack = self.schema["x-domain-packs"].get(record.get("domain"))
        if pack and not self.notes.is_missing(pack["title"], record.get("domain_fields")):
            yield {"kind": "fields", "rows": self._rows(record["domain_fields"], pack)}

    def _at(self, path: str) -> tuple[dict, Any]:
        return catalogue.node(self.schema, path), tables.inside(self.held.record, path)
