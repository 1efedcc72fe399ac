"""One record, for one reader, as everything a reading says: head, sections of blocks, and what is missing.

Here: walking the sections of schemas/readings.yml over the record and the contract. Not here: how a value is written
(values.py), how anything looks (the renderers, which compute nothing). Nothing is in it that the record does not hold,
but for words that say why a value is absent, and distances of moments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.ingest.times import STATES
from pipelines.readings import catalogue
from pipelines.readings.matrix import matrix
from pipelines.readings.moments import in_words, phases
from pipelines.readings.prose import run
from pipelines.readings.records import Held
from pipelines.readings.values import EMPTY, NOT_STATED, inline, moment, written
from pipelines.report.print_forms import plain, words

SYNTHETIC = "Synthetic: this record was made up. Nothing in it happened."
ABSENT = ("unknown", "not applicable", "withheld", NOT_STATED)
LONGEST_TITLE = 500
SHORT = len("2026-08-19 09:30 UTC")


def build(held: Held, schema: dict, reader: str) -> dict:
    """The facts of one reading."""
    found = catalogue.load()
    return _Reading(held, schema).facts(reader, found)


@dataclass
class _Reading:
    held: Held
    schema: dict
    missing: dict[str, dict[str, list[str]]] = field(default_factory=lambda: {word: {} for word in ABSENT})
    section: str = ""

    def facts(self, reader: str, found: catalogue.Catalogue) -> dict:
        sections = [made for section in found.of(reader) if (made := self._section(section))]
        record = self.held.record
        return {
            "reader": {"name": reader} | found.readers[reader],
            "record": {
                "id": record["id"],
                "title": plain(record["title"], LONGEST_TITLE),
                "banner": SYNTHETIC if record.get("provenance") == "synthetic" else "",
                "head": self._head(),
            },
            "sections": sections,
            "missing": [self._missing(word) for word in ABSENT],
        }

    def _missing(self, word: str) -> dict:
        """Under one word, the fields by section; a section that is one field has its title alone."""
        where = self.missing[word]
        sections = [
            {"title": title, "fields": [name for name in fields if name != title]} for title, fields in where.items()
        ]
        return {"word": word, "n": sum(map(len, where.values())), "sections": sections}

    def _head(self) -> list[dict]:
        record, held = self.held.record, self.held
        revision = str(record["revision"]) if "revision" in record else f"content {held.digest[:12]}"
        said = {
            "Record": record["id"],
            "Revision": revision,
            "Stage": words(record.get("stage", NOT_STATED)),
            "Known as of": moment(held.known_as_of, held.zone) if held.known_as_of else NOT_STATED,
        }
        return [{"name": name, "text": text} for name, text in said.items()]

    def _section(self, section: catalogue.Section) -> dict | None:
        self.section = section.title
        blocks = [block for part in section.parts for block in self._part(part)]
        return {"id": section.name, "title": section.title, "blocks": blocks} if blocks else None

    def _part(self, part: dict) -> Iterator[dict]:
        kind = next(kind for kind in catalogue.KINDS if kind in part)
        blocks = list(getattr(self, f"_{kind}")(part))
        if blocks and "name" in part:
            yield {"kind": "heading", "text": part["name"]}
        yield from blocks

    def _prose(self, part: dict) -> Iterator[dict]:
        node, value = self._at(part["prose"])
        if not self._is_missing(node["title"], value):
            yield {"kind": "prose", "blocks": written(value, node, self.held.zone)}

    def _fields(self, part: dict) -> Iterator[dict]:
        rows: list[dict] = []
        for path in part["fields"]:
            node, value = self._at(path)
            if "properties" in node and value and not _is_compact(node):
                if rows:
                    yield {"kind": "fields", "rows": rows}
                    rows = []
                yield {"kind": "heading", "text": node["title"]}
                yield {"kind": "fields", "rows": self._rows(value, node, node["title"])}
            elif not self._is_missing(node["title"], value):
                rows.append(self._row(node["title"], value, node))
        if rows:
            yield {"kind": "fields", "rows": rows}

    def _rows(self, value: dict, node: dict, within: str) -> list[dict]:
        """One row for each key of an object that says something; what it lacks is noted under its title."""
        rows = []
        for key, under in node["properties"].items():
            name = under.get("title", words(key))
            if under.get("x-person"):
                continue  # a reading is passed on: it shows functions and teams
            if not self._is_missing(f"{within}: {name[:1].lower() + name[1:]}", value.get(key)) or key in value:
                rows.append(self._row(name, value[key], under))
        return rows

    def _row(self, name: str, value: Any, node: dict) -> dict:
        for word in _answers_inside(value):
            self._note(word, name)
        return {"name": name, "blocks": written(value, node, self.held.zone)}

    def _entries(self, part: dict) -> Iterator[dict]:
        node, value = self._at(part["entries"])
        if self._is_missing(node["title"], value):
            return
        under = node["items"]
        self._lacking(value, under, node["title"])
        for entry in value:
            heads = [
                inline(entry[key], under["properties"][key], self.held.zone) for key in part["heads"] if key in entry
            ]
            rest = {key: child for key, child in under["properties"].items() if key not in part["heads"]}
            rows = [
                self._row(child.get("title", words(key)), entry[key], child)
                for key, child in rest.items()
                if key in entry
            ]
            yield {"kind": "entry", "heads": heads, "rows": rows}
        if not value:
            yield _nothing()

    def _lacking(self, entries: list[dict], node: dict, title: str) -> None:
        """Notes, once for all entries of a list, which keys none of them has, and which say why there is no value."""
        for key, under in node["properties"].items():
            said = Counter(_absence(entry.get(key)) for entry in entries)
            name = f"{title}: {under.get('title', words(key)).lower()}"
            for word in ABSENT[:-1]:
                if n := said[word]:
                    self._note(word, name if n == len(entries) else f"{name} ({n} of {len(entries)})")
            if said[NOT_STATED] == len(entries):
                self._note(NOT_STATED, name)

    def _table(self, part: dict) -> Iterator[dict]:
        *above, _ = part["table"].split(".")
        node = catalogue.node(self.schema, part["table"])
        entries = list(self._listed(part["table"]))
        if self._is_missing(node["title"], entries or self._at(part["table"])[1]):
            return
        kept = [
            one for one in entries if all(str(one.get(k)) in allowed for k, allowed in part.get("where", {}).items())
        ]
        if not kept:
            yield _nothing()
            return
        columns = []
        for path in part["columns"]:
            under = self._column(node, path, above)
            cells = [_inside(entry, path) for entry in kept]
            if not all(_absence(cell) == NOT_STATED for cell in cells):
                columns.append((under.get("title", words(path)), [self._cell(cell, under) for cell in cells]))
            else:
                self._note(NOT_STATED, under.get("title", words(path)))
        if columns:
            yield {
                "kind": "table",
                "columns": [{"name": name, "is_short": _is_short(cells)} for name, cells in columns],
                "rows": [list(row) for row in zip(*(cells for _, cells in columns), strict=True)],
            }

    def _listed(self, path: str) -> Iterator[dict]:
        """The entries at a path; those of a list within a list carry the id of the entry they stand in."""
        first, _, rest = path.rpartition(".")
        value = self._value(first) if first else self.held.record
        for holder in value if isinstance(value, list) else [value or {}]:
            for entry in holder.get(rest) or []:
                yield ({"id": holder["id"]} if isinstance(value, list) and "id" in holder else {}) | entry

    def _column(self, node: dict, path: str, above: list[str]) -> dict:
        here = node["items"]
        if path not in here["properties"] and path == "id" and above:
            return catalogue.node(self.schema, ".".join(above))["items"]["properties"]["id"]
        for key in path.split("."):
            here = here["properties"][key]
        return here

    def _cell(self, value: Any, node: dict) -> list[dict]:
        if self._is_missing(node.get("title", ""), value):
            return [run(NOT_STATED, "said")]
        for word in _answers_inside(value):
            self._note(word, node.get("title", ""))
        return inline(value, node, self.held.zone)

    def _items(self, part: dict) -> Iterator[dict]:
        node, value = self._at(part["items"])
        if not self._is_missing(node["title"], value):
            yield {"kind": "heading", "text": node["title"]}
            yield {"kind": "items", "items": [inline(item, node["items"], self.held.zone) for item in value]}

    def _picture(self, part: dict) -> Iterator[dict]:
        record, zone = self.held.record, self.held.zone
        if part["picture"] == "phases":
            rows = phases(record, self.schema, zone)
            for row in rows:
                self._is_missing(row["name"], record.get("chronology", {}).get(row["field"]))
            if record.get("chronology"):
                yield {"kind": "phases", "rows": rows, "text": in_words(rows)}
        elif found := matrix(record, self.schema, zone):
            yield {"kind": "matrix"} | found
        else:
            self._note(NOT_STATED, catalogue.node(self.schema, "analysis.matrix")["title"])

    def _pack(self, part: dict) -> Iterator[dict]:
        record = self.held.record
        pack = self.schema["x-domain-packs"].get(record.get("domain"))
        if pack and not self._is_missing(pack["title"], record.get("domain_fields")):
            yield {"kind": "fields", "rows": self._rows(record["domain_fields"], pack, pack["title"])}

    def _at(self, path: str) -> tuple[dict, Any]:
        return catalogue.node(self.schema, path), self._value(path)

    def _value(self, path: str) -> Any:
        return _inside(self.held.record, path)

    def _is_missing(self, name: str, value: Any) -> bool:
        """Whether there is nothing to show; it and words that say why there is no value are noted."""
        if word := _absence(value):
            self._note(word, name)
        return word == NOT_STATED

    def _note(self, word: str, name: str) -> None:
        fields = self.missing[word].setdefault(self.section, [])
        if name not in fields:
            fields.append(name)


def _absence(value: Any) -> str:
    """The word for a value that is none; "" for one that is."""
    if value is None or value in ("", {}):
        return NOT_STATED
    return words(value) if isinstance(value, str) and value in STATES else ""


def _answers_inside(value: Any) -> Iterator[str]:
    """The words that stand for values within a value, such as at an end of a range."""
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(child, str) and child in STATES:
            yield words(child)
        yield from _answers_inside(child)


def _nothing() -> dict:
    return {"kind": "prose", "blocks": [{"kind": "paragraph", "runs": [run(EMPTY, "said")]}]}


def _is_short(cells: list[list[dict]]) -> bool:
    """Whether a column is narrow enough to stand unbroken: ids, words, moments."""
    return all(sum(len(one["text"]) for one in cell) <= SHORT for cell in cells)


def _is_compact(node: dict) -> bool:
    """Whether an object is one value to a reader, such as a range or an amount."""
    return bool(node["properties"].keys() & {"min", "min_cents"})


def _inside(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
