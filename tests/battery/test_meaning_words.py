"""Section B, words: no score out of its range, no word guessed, no version taken for another.

Here: every field of the contract and of its packs, taken from the contract itself. Not here: names
(test_meaning_names.py), times, what becomes of the records around a bad one (test_meaning_levels.py), a first case of
each kind (tests/unit/test_shape_errors.py).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.readers import native
from pipelines.ingest.readers.text import field_name
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from tests.projects import Project, record

CONTRACT = bundle.load()
KEEPER = Gatekeeper(Contract(CONTRACT), b"k" * 32)
OWN = Source("own", Path(), "*", "native", time_zone="UTC")


def leaves(node: dict, path: tuple) -> Iterator[tuple[tuple, dict]]:
    """Every field that holds a value; an item of a list is at 0."""
    if "properties" in node:
        for key, child in node["properties"].items():
            yield from leaves(child, (*path, key))
    elif node.get("type") == "array":
        yield from leaves(node["items"], (*path, 0))
    else:
        yield path, node


FIELDS = [(None, *leaf) for leaf in leaves(CONTRACT, ())] + [
    (domain, *leaf) for domain, pack in CONTRACT["x-domain-packs"].items() for leaf in leaves(pack, ("domain_fields",))
]
BOUNDED = [field for field in FIELDS if {"minimum", "maximum"} & field[2].keys()]
VERSION = ("schema_version",)  # no vocabulary: another version has a fault of its own
WORDED = [field for field in FIELDS if {"x-vocabulary", "enum"} & field[2].keys() and field[1] != VERSION]


def name(field: tuple) -> str:
    return f"{field[0] or ''}.{field_name(field[1])}"


def faults(domain: str | None, path: tuple, value: object) -> dict[str, str]:
    """code → fix of what is said against `value` at that place of a record that holds little else."""
    written = record(1, stage="imported") | ({"domain": domain} if domain else {})
    place: object = written
    for step, after in zip(path, (*path[1:], None), strict=True):
        inner = value if after is None else [] if isinstance(after, int) else {}
        if isinstance(step, int):
            place.append(inner)
        elif after is None or step not in place:
            place[step] = inner
        place = place[step]
    (read,) = native.read("a.json", io.BytesIO(json.dumps(written).encode()))
    found = [read] if not isinstance(read, native.Document) else KEEPER.admit(OWN, read.record, read.positions)
    if isinstance(found, Admitted):
        return {}
    said = found if isinstance(found, list) else found[0]
    return {fault.code: fault.fix for fault in said if fault.field == field_name(path) and fault.line}


@pytest.mark.parametrize("field", BOUNDED, ids=name)
def test_a_number_out_of_its_range_is_refused_and_its_bound_is_not(field: tuple) -> None:
    domain, path, node = field
    for bound, sign in ((node.get("minimum"), -1), (node.get("maximum"), 1)):
        if bound is None:
            continue
        assert faults(domain, path, bound) == {}
        for beyond in (bound + sign, f"{bound + sign}", sign * 10**17):
            assert str(bound) in faults(domain, path, beyond)["PM025"], beyond
    for no_number in ("NaN", "inf", "-inf", "1e999", "0x10", "１", "1,5", "1_000", "half"):
        assert faults(domain, path, no_number).keys() & {"PM023", "PM024"}, no_number
    for endless in (10**20, -(10**20)):
        assert faults(domain, path, endless).keys() == {"PM015"}


def test_a_score_and_a_share_have_both_their_bounds() -> None:
    bounds = {field_name(path): (node.get("minimum"), node.get("maximum")) for _, path, node in FIELDS}
    for path, found in bounds.items():
        last = path.rpartition(".")[2]
        if last in ("prior", "confidence", "credibility") and not path.startswith("taxonomy"):
            assert found == (0, 1), path
        if last.endswith(("percent", "_minutes", "_days", "_cents")):
            assert found == (0, 100 if last.endswith("percent") else None), path


@pytest.mark.parametrize("field", WORDED, ids=name)
def test_a_word_that_is_not_in_the_vocabulary_is_refused_and_never_becomes_another(field: tuple) -> None:
    domain, path, node = field
    for word in (
        "Other",
        "OTHER",
        "others",
        "?",
        "n/a",
        "none of these",
        f"{node['enum'][0]} ",
        node["enum"][0].title(),
    ):
        if word not in node["enum"]:
            assert faults(domain, path, word).keys() == {"PM022"}, word
    assert faults(domain, path, node["enum"][0]) == {}


@pytest.mark.parametrize("version", ["2.0", "0.9", "1", "1.0.0", "1.1 ", 1.1, 1.0, 1])
def test_a_record_of_another_version_of_the_contract_is_refused_and_not_told_to_lie(version: object) -> None:
    said = {"PM027": 'write "1.1", in quotes, or "1.0" if it was written for that'}
    assert faults(None, VERSION, version) == said


def test_a_word_of_another_tool_without_a_counterpart_is_absent_and_listed(project: Project) -> None:
    (project.home / "tickets.sql").write_text(
        "SELECT path, item, id, {title: title, severity: our_word('severity', severity)} AS record FROM rows"
    )
    source = {"name": "tickets", "glob": "*.csv", "reader": "csv", "mapping": "tickets.sql"}
    project.declare([source | {"words": {"severity": {"High": "sev1"}}}])
    (project.home / "a.csv").write_text("id,title,severity\nT-1,one,High\nT-2,two,Blocker\nT-3,three,other\n")
    assert project.ingest()["records"]["accepted"] == 3
    assert project.query("SELECT record_id, severity FROM raw.records ORDER BY 1") == [
        ("T-1", "sev1"), ("T-2", None), ("T-3", None),
    ]  # fmt: skip
    assert project.query("SELECT record_id, field, word FROM raw.unmapped_words ORDER BY 1") == [
        ("T-2", "severity", "Blocker"), ("T-3", "severity", "other"),
    ]  # fmt: skip
