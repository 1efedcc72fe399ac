"""YAML told apart by its grammar: a corpus of documents with what is read of each, or the code of its refusal.

The documents are corpus/yaml.yml. Not here: where a fault lies and what it says (tests/unit/test_reader_yaml.py).
"""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import documents, yaml_events

WRITTEN = (Path(__file__).parent / "corpus/yaml.yml").read_text(encoding="utf-8")
CORPUS = yaml.safe_load(WRITTEN)


def test_the_corpus_is_as_large_as_it_says_and_no_name_hides_another() -> None:
    assert sum(len(group) for group in CORPUS.values()) >= 150
    names = Counter(line.split(":")[0] for line in WRITTEN.splitlines() if line.startswith("  "))
    assert sum(names.values()) == sum(len(group) for group in CORPUS.values())
    texts = Counter(text for group in CORPUS.values() for text, _ in group.values())
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("name", CORPUS["read"])
def test_what_is_yaml_is_read_as_it_was_written(name: str) -> None:
    text, expected = CORPUS["read"][name]
    value = json.loads(expected, strict=False)  # its texts hold line feeds as they are
    # as JSON, so that the order of keys counts
    assert json.dumps(yaml_events.load(text)) == json.dumps(value)
    for other in (text.replace("\n", "\r\n"), "\ufeff" + text):
        (found, *more) = documents.read("yaml", "a.yml", io.BytesIO(other.encode()))
        assert not isinstance(found, Fault), found
        assert found.tables["documents"][0]["data"] == (value[0] if isinstance(value, list) else value)
        assert len(more) == (len(value) - 1 if isinstance(value, list) else 0)


@pytest.mark.parametrize("name", CORPUS["refused"])
def test_what_is_no_yaml_or_more_than_a_record_needs_is_refused(name: str) -> None:
    text, code = CORPUS["refused"][name]
    with pytest.raises(Fault) as caught:
        yaml_events.load(text, 5)
    fault = caught.value
    assert fault.code == code and fault.fix
    assert 5 <= fault.line <= 5 + text.count("\n") and fault.column >= 1
