"""One record, for one reader, as everything a reading says: head, sections of blocks, and what is missing.

Here: the whole of it. Not here: a section's parts (parts.py), how a value is written (values.py), how anything looks
(the renderers, which compute nothing). Nothing is in it that the record does not hold, but for words that say why a
value is absent, and distances of moments.
"""

from __future__ import annotations

from pipelines.readings import catalogue
from pipelines.readings.notes import Notes
from pipelines.readings.parts import Parts
from pipelines.readings.records import Held
from pipelines.readings.values import NOT_STATED, moment
from pipelines.report.print_forms import plain, words

SYNTHETIC = "Synthetic: this record was made up. Nothing in it happened."
LONGEST_TITLE = 500


def build(held: Held, schema: dict, reader: str) -> dict:
    """The facts of one reading: `reader` {name, title, about}, `record` {id, title, banner, head}, `sections` {id,
    title, blocks}, `missing` {word, n, sections}. ContractError where schemas/readings.yml names no field.

    A block's `kind` says what else it holds: heading {text}, prose {blocks}, fields {rows}, entry {heads, rows}, items
    {items}, table {columns, rows}, phases {rows, text}, matrix {hypotheses, symptoms}. Values are blocks or runs of
    prose.py: runs are {text, mark}.
    """
    found, notes, record = catalogue.load(), Notes(), held.record
    parts = Parts(held, schema, notes)
    sections = []
    for section in found.of(reader):
        notes.section = section.title
        blocks = [block for part in section.parts for block in parts.blocks(part)]
        sections += [{"id": section.name, "title": section.title, "blocks": blocks}] if blocks else []
    return {
        "reader": {"name": reader} | found.readers[reader],
        "record": {
            "id": record["id"],
            "title": plain(record["title"], LONGEST_TITLE),
            "banner": SYNTHETIC if record.get("provenance") == "synthetic" else "",
            "head": _head(held),
        },
        "sections": sections,
        "missing": list(notes.facts()),
    }


def _head(held: Held) -> list[dict]:
    record = held.record
    said = {
        "Record": record["id"],
        "Revision": str(record["revision"]) if "revision" in record else f"content {held.digest[:12]}",
        "Stage": words(record.get("stage", NOT_STATED)),
        "Known as of": moment(held.known_as_of, held.zone) if held.known_as_of else NOT_STATED,
    }
    return [{"name": name, "text": text} for name, text in said.items()]
