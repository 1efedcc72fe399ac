"""The vocabularies as rows: every word a record may use, with what `schemas/vocabularies.yml` and the packs say of it.

Here: words as models read them (raw.words), among them those that no record has used yet. Not here: which field takes
which vocabulary (bundle.py makes the enums).
"""

from __future__ import annotations

# What models ask of a word; a key of vocabularies.yml that nobody asks for (avid, asks) stays there.
COLUMNS = {
    "vocabulary": "VARCHAR",
    "position": "INTEGER",
    "word": "VARCHAR",
    "definition": "VARCHAR",
    "layer": "VARCHAR",
    "category": "VARCHAR",
    "rank": "INTEGER",
    "ratio": "DOUBLE",
}


def words(bundle: dict) -> list[dict]:
    """One row per vocabulary and word, in the order written; a column a word says nothing about is None."""
    return [
        {"vocabulary": vocabulary, "position": position, "word": word}
        | {name: entry.get(name) for name in COLUMNS if name not in ("vocabulary", "position", "word")}
        for vocabulary, entries in bundle["x-vocabularies"].items()
        for position, (word, entry) in enumerate(entries.items(), start=1)
    ]
