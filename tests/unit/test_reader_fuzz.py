"""Mutants of valid files: only faults come out, fast, and every place lies in the file.

A few thousand with a fixed seed in the suite; FAULTLINES_FUZZ_SECONDS=60 goes on for that long.
"""

import io
import os
import random
import time
from itertools import count

import pytest

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.native import Document, read
from tests.battery.mutating import mutant

SECONDS = float(os.environ.get("FAULTLINES_FUZZ_SECONDS", "0"))
MUTANTS = 2_000  # a format, without FAULTLINES_FUZZ_SECONDS

YAML = """\
schema_version: "1.0"   # comment
id: INC-2026-0142
recorded_at: 2026-05-19T15:20:00Z
title: 'Café''s limits: too free'
severity: ~
context: {code: {commit: "9f2c\\u00e9", repository: a}, list: [1.10, no, "12:30"]}
timeline:
  - {at: 2026-05-04T06:00Z, event: Feed starts, source: "change\\tlog"}
  - at: 2026-05-12
    event: >-
      folded text
      of two lines
actions:
- id: A1
  title: |
    literal “text” 😀
      indented
  prevents: [RC1, RC2]
-
"""
JSON = r"""{"id": "INC-1", "revision": 3, "share": -1.5e-3, "open": true, "none": null,
 "title": "Café \u00e9 \ud83d\ude00 \"x\"\n",
 "actions": [{"id": "A1", "due_on": "2026-05-04", "tags": ["a", null, []]}, {"id": "A2", "deep": {"er": {}}}]}
"""
SEEDS = {
    "r.yml": [YAML],
    "r.md": [
        f"---\n{YAML}---\n\n# Prose\n\n- it *broke*\n",
        "---\nid: x\ncommunication:\n  lessons: []\n---\ntext\n",
    ],
    "r.json": [JSON, f"[{JSON}, {JSON}]"],
    "r.ndjson": [JSON.replace("\n", "") + '\n\n{"id": 7}\n'],
}


def examine(path: str, data: bytes) -> None:
    lines = [len(line) for line in data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")]

    def inside(line: int, column: int) -> bool:
        # In bytes, of which a line has no fewer than characters.
        return 1 <= line <= len(lines) and 1 <= column <= lines[line - 1] + 1

    began = time.process_time()
    found = list(read(path, io.BytesIO(data)))
    took = time.process_time() - began
    assert took < 1, f"{took:.1f} s"
    assert found or data.strip().startswith((b"[", b"\xef\xbb\xbf"))
    for one in found:
        if isinstance(one, Fault):
            assert "PM001" <= one.code <= "PM018"
            assert one.message
            assert one.fix
            assert inside(one.line, one.column), (one, lines)
        else:
            assert isinstance(one, Document)
            places = one.positions()
            assert set(paths(one.record)) <= set(places)
            assert all(inside(*place) for place in places.values())


def paths(value, path=()):
    yield path
    if isinstance(value, str):
        assert not any(c < " " and c not in "\n\t" or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in value)
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield from paths(child, (*path, step))


@pytest.mark.parametrize("path", SEEDS)
def test_only_faults_come_out_of_a_mutant(path):
    seeds = [seed.encode() for seed in SEEDS[path]]
    for seed in seeds:
        assert all(isinstance(found, Document) for found in read(path, io.BytesIO(seed)))
        examine(path, seed)
    ends = time.monotonic() + SECONDS / len(SEEDS)
    made = 0
    for number in count():
        if number >= MUTANTS and time.monotonic() >= ends:
            break
        data = mutant(random.Random(number), seeds[number % len(seeds)])
        try:
            examine(path, data)
        except Exception as error:
            raise AssertionError(f"mutant {number} of {path}: {data!r}") from error
        made = number + 1
    print(f"{path}: {made:,} mutants")
