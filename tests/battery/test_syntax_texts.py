"""Texts that have broken programs, in every field that takes a text: kept to the letter, or set aside by name.

The texts are corpus/naughty.yml. Through the whole of ingestion as YAML and as JSON, and to the gate one field at a
time. Not here: what becomes of them on a page (output).
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipelines.contract import bundle
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.readers import text, yaml_events
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from tests.battery import WHOLE
from tests.projects import Project, record

HERE = Path(__file__).parent
NAUGHTY = yaml.safe_load((HERE / "corpus/naughty.yml").read_text(encoding="utf-8"))
FREE = "\\S"  # the pattern of a text that may be any but a blank one
SOURCE = Source("tried", Path(), "*", "native", time_zone="UTC")
OF_EACH = None if WHOLE else 3  # naughty texts that each field gets


def test_a_record_whose_every_free_text_is_naughty_comes_out_as_it_went_in(project: Project) -> None:
    texts = [naughty for naughty in NAUGHTY if not text.CONTROL.search(naughty)]
    given = {}
    for number, naughty in enumerate(texts):
        made = record(number, title=naughty, scope={"summary": naughty, "services": [naughty]})
        made["communication"] = {"technical_findings": naughty}
        given[made["id"]] = made
        written = yaml.safe_dump(made, default_style='"') if number % 2 else json.dumps(made)
        project.write(f"{number}.{'yml' if number % 2 else 'json'}", written)
    assert project.ingest()["records"]["accepted"] == len(texts)
    kept = project.query("select record_id, record from raw.revisions")
    assert {record_id: json.loads(one) for record_id, one in kept} == given
    rows = project.query("select record_id, title, scope_summary from raw.records")
    assert {record_id: (title, summary) for record_id, title, summary in rows} == {
        record_id: (one["title"], one["scope"]["summary"]) for record_id, one in given.items()
    }


def test_every_field_of_the_contract_takes_a_naughty_text_as_it_is_or_refuses_it_by_name() -> None:
    schema = bundle.load()
    keeper = Gatekeeper(Contract(schema), b"a battery's pseudonyms match nothing")
    whole = keeper.contract.typed(yaml_events.load((HERE.parent / "records/whole.yml").read_text(encoding="utf-8")))
    del whole["domain_fields"], whole["domain"]  # a naughty domain has no pack: another fault than this one's
    chance = random.Random(4)
    seen = kept = 0
    for path, node in _texts(whole, schema, ()):
        for naughty in NAUGHTY if OF_EACH is None else chance.sample(NAUGHTY, OF_EACH):
            spoilt = copy.deepcopy(whole)
            _put(spoilt, path, naughty)
            found = keeper.admit(SOURCE, spoilt, lambda: {(): (1, 1)})
            seen += 1
            if isinstance(found, Admitted):
                kept += 1
                if not node.get("x-person") and (node["type"], node.get("pattern")) == ("string", FREE):
                    assert _at(json.loads(bytes(found.written)), path) == naughty
            else:
                faults, _ = found
                assert node.get("pattern") != FREE or not naughty.strip(), (path, naughty, faults)
                assert text.field_name(path) in {fault.field for fault in faults}
                assert all(fault.fix and fault.message and fault.line for fault in faults)
    assert seen > 300 and kept > seen // 4


def test_a_naughty_key_is_refused_by_name(project: Project) -> None:
    for number, naughty in enumerate(NAUGHTY):
        made = record(number) | {naughty: "x"}
        project.write(f"{number}.yml", yaml.safe_dump(made, default_style='"'))
        project.write(f"{number}.json", json.dumps(made))
    project.write("good.yml", record(999))
    assert project.ingest()["records"] | {"seen": 0} == {
        "seen": 0, "accepted": 1, "unchanged": 0, "duplicate": 0, "conflicted": 0, "quarantined": 2 * len(NAUGHTY),
    }  # fmt: skip
    rows = project.query("select code, field, line, fix from raw.quarantine")
    assert {code for code, *_ in rows} == {"PM020"}
    fields = {field for _, field, *_ in rows}
    assert fields == {text.field_name((naughty,)) for naughty in NAUGHTY}
    assert {" leading and trailing ", '"', "a: b", "null", "\\n\\t\\u0041\\x41\\"} <= fields  # as they were written
    assert all(line and fix for *_, line, fix in rows)


def _texts(value: Any, node: dict, path: tuple) -> Iterator[tuple[tuple, dict]]:
    """Where in the record a text stands, and what the contract says of it."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _texts(child, node.get("properties", {}).get(key, {}), (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _texts(item, node.get("items", {}), (*path, n))
    elif isinstance(value, str):
        yield path, node


def _put(value: Any, path: tuple, leaf: str) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = leaf


def _at(value: Any, path: tuple) -> Any:
    for step in path:
        value = value[step]
    return value
