"""One small valid delivery in each format and shape that is read: a source, its mapping, its files.

Here: what is right. Not here: how it is spoilt (mutating.py) and what must hold then (mutants.py).
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from pipelines.contract import bundle
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from tests.projects import record

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = """SELECT text_at(data, '$.id') AS id, path, item, {
    title: text_at(data, '$.title'), severity: our_word('severity', text_at(data, '$.severity')),
    scope: {summary: text_at(data, '$.scope.summary')},
    chronology: {detected_at: instant(text_at(data, '$.chronology.detected_at'), NULL, NULL)}
} AS record FROM documents"""
PROSE = r"""SELECT path, regexp_replace(file_name, '\.md$', '') AS id, {
    title: title, scope: {summary: section_text(path, ['Summary'])},
    timeline: list_transform(timeline(path, ['Timeline*'], 'UTC', NULL), lambda e: {'at': e['at'], event: e.event}),
    actions: list_transform(bullets(path, ['Action items']), lambda bullet, n: {id: 'A' || n, title: bullet})
} AS record FROM documents"""
ROW = "SELECT id, path, item, {title: title, severity: our_word('severity', severity)} AS record FROM rows"
GROUPED = """SELECT id, path, min(item) AS item, {
    title: arg_min(title, item), timeline: list({'at': "at", event: event} ORDER BY item)} AS record
FROM rows GROUP BY id, path"""
PAGE = """---
title: Scores came late
---
# Scores came late

## Summary

The feed *stopped*, see [the ticket](https://example.invalid/1).

## Timeline 2026-05-04

- 06:00 Feed starts
- 07:30 Café notices

| Time | What |
|---|---|
| 08:00 | Mended |

## Action items

- Watch the feed
- Write it down
"""
TICKETS = 'id,at,event,title\nT-1,2026-05-04T06:00Z,opened,"Scores, late"\nT-1,2026-05-04T07:00Z,solved,\n' + "".join(
    f"T-{n},2026-05-0{n}T06:00Z,opened,Größe {n}\n" for n in range(2, 6)
)


@dataclass(frozen=True)
class Delivery:
    """`files` are valid, each of `records` records; `share` is how many of thirty mutants are made of it."""

    name: str
    share: int
    reader: str
    suffix: str
    files: tuple[bytes, ...]
    records: int = 1
    mapping: str | None = None
    declared: dict = field(default_factory=dict)


@cache
def deliveries() -> tuple[Delivery, ...]:
    """All of them, in the order of the table."""
    texts = _texts()
    plain = [json.dumps(_typed(text), ensure_ascii=False, indent=indent) for text in texts for indent in (None, 1)]
    escaped = [json.dumps(_typed(text), separators=(",", ":")) for text in texts]
    arrays = [f"[{one},\n {one.replace('INC-2026', 'INC-2027')}]" for one in (plain[0], escaped[1])]
    pages = [f"---\n{text}---\n\n# Prose\n\n- *broke*\n" for text in texts]
    lines = [f"{one}\n\n{one.replace('INC-2026', 'INC-2027')}\n" for one in (plain[0], plain[2], escaped[1])]
    words = {"words": {"severity": {"sev1": "sev1", "sev2": "sev2"}}}
    rows = "id,title,severity\n" + "".join(f'R-{n},"late, ""{n}""\nagain",sev{1 + n % 2}\n' for n in range(5))
    return (
        Delivery("native yaml", 7, "native", ".yml", _bytes(texts)),
        Delivery("native markdown", 3, "native", ".md", _bytes(pages)),
        Delivery("native json", 5, "native", ".json", _bytes(plain + escaped)),
        Delivery("native json array", 2, "native", ".json", _bytes(arrays), 2),
        Delivery("native ndjson", 4, "native", ".ndjson", _bytes(lines), 2),
        Delivery("mapped yaml", 1, "yaml", ".yml", _bytes(texts[:2]), 1, DOCUMENTS, words),
        Delivery("mapped json", 2, "json", ".json", _bytes(arrays), 2, DOCUMENTS, words),
        Delivery("mapped ndjson", 1, "ndjson", ".jsonl", _bytes(lines), 2, DOCUMENTS, words),
        Delivery("mapped markdown", 1, "markdown", ".md", (PAGE.encode(),), 1, PROSE),
        Delivery("mapped csv", 2, "csv", ".csv", (rows.encode(),), 5, ROW, words),
        Delivery("mapped csv, grouped", 1, "csv", ".csv", (TICKETS.encode(),), 5, GROUPED, {"group_by": "id"}),
        Delivery("mapped parquet", 1, "parquet", ".parquet", (_parquet(rows),), 5, ROW, words),
    )


def _texts() -> list[str]:
    """A draft, a small worked record and, rarest because it is slowest, the record that holds every field."""
    written = [
        yaml.safe_dump(record(1, title="Café “late”: 😀")),
        (ROOT / "examples/records/INC-2026-0224.yml").read_text(encoding="utf-8"),
        (ROOT / "tests/records/whole.yml").read_text(encoding="utf-8"),
    ]
    return [written[0], written[1]] * 3 + written


@cache
def _typed(text: str) -> dict:
    return Contract(bundle.load()).typed(yaml_events.load(text))


def _bytes(texts) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


def _parquet(rows: str) -> bytes:
    import csv
    import tempfile

    import duckdb

    listed = list(csv.DictReader(io.StringIO(rows)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        with duckdb.connect() as con:
            con.execute("CREATE TABLE rows (id VARCHAR, title VARCHAR, severity VARCHAR)")
            con.executemany("INSERT INTO rows VALUES (?, ?, ?)", [list(row.values()) for row in listed])
            con.table("rows").write_parquet(str(path))
        return path.read_bytes()
