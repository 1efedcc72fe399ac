"""JSON told apart by its grammar: a corpus of documents that must, must not and may be read, through every way in.

The documents are corpus/json.yml. Not here: where a fault lies and what it says (tests/unit/test_reader_json.py).
"""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import documents, json_strict, native
from pipelines.ingest.readers.text import decode

WRITTEN = (Path(__file__).parent / "corpus/json.yml").read_text(encoding="utf-8")
CORPUS = yaml.safe_load(WRITTEN)
OPEN = CORPUS["i"]
REFUSED = {f"n_{name}": text.encode() for name, text in CORPUS["n"].items()}
REFUSED |= {f"n_bytes_{name}": bytes.fromhex(str(digits)) for name, digits in CORPUS["bytes"].items()}
REFUSED |= {f"i_{name}": one["text"].encode() for name, one in OPEN.items() if not one["is_read"]}
READ = {f"y_{name}": text.encode() for name, text in CORPUS["y"].items()}
READ |= {f"i_{name}": one["text"].encode() for name, one in OPEN.items() if one["is_read"]}


def test_the_corpus_is_as_large_as_it_says_and_no_name_hides_another() -> None:
    assert (len(CORPUS["n"]) >= 180, len(CORPUS["y"]) >= 90) == (True, True)
    names = Counter(
        line.split(":")[0] for line in WRITTEN.splitlines() if line.startswith("  ") and "#" not in line[:4]
    )
    assert sum(names.values()) == sum(len(group) for group in CORPUS.values())
    groups = [[*CORPUS["n"].values()], [*CORPUS["y"].values()], [str(one) for one in CORPUS["bytes"].values()]]
    twice = [text for group in groups for text, count in Counter(group).items() if count > 1]
    assert twice == ["[1]"]  # before a bracket and alone


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_json_is_refused_by_every_way_in(name: str) -> None:
    data = REFUSED[name]
    for read in (_plainly, _carefully):
        with pytest.raises(Fault) as caught:
            read(data)
        assert caught.value.fix and caught.value.line and caught.value.column
    # of NDJSON each line is a document of its own, and may be one
    for suffix in ("json",) if b"\n" in data or b"\r" in data else ("json", "ndjson"):
        assert any(isinstance(found, Fault) for found in native.read(f"a.{suffix}", io.BytesIO(data)))
        assert any(isinstance(found, Fault) for found in documents.read(suffix, f"a.{suffix}", io.BytesIO(data)))


@pytest.mark.parametrize("name", READ)
def test_what_is_json_is_read_as_the_standard_library_reads_it(name: str) -> None:
    data = READ[name]
    value = json.loads(data.decode("utf-8-sig"))
    assert repr(_plainly(data)) == repr(_carefully(data)) == repr(_settled(value))
    # to a mapping an array is its items, and a null among them a document
    expected = [_settled(item) for item in (value if isinstance(value, list) else [value])]
    found = list(documents.read("json", "a.json", io.BytesIO(data)))
    assert repr([one.tables["documents"][0]["data"] for one in found if not isinstance(one, Fault)]) == repr(expected)
    assert [one.code for one in found if isinstance(one, Fault)] == (["PM004"] if expected == [] else [])


def _plainly(data: bytes) -> Any:
    return json_strict.load(decode(data))


def _carefully(data: bytes) -> Any:
    return json_strict._load_carefully(decode(data), 1)


def _settled(value: Any) -> Any:
    """Without nulls, and with line endings as they are kept."""
    if isinstance(value, dict):
        return {key: _settled(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [_settled(item) for item in value if item is not None]
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
