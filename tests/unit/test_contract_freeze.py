"""A version that is frozen allows what it allowed while it was today's, and nothing is frozen twice."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest

from pipelines.contract import bundle, freeze, versions
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.readers import native
from pipelines.ingest.validate import Contract
from pipelines.settings import Source

RECORDS = Path(__file__).parents[1] / "records" / "versions"
OWN = Source("own", Path(), "*", "native", time_zone="UTC")
NAME = versions.today(bundle.load())


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """The folder of schemas, with today's version frozen and a next one that renames one field."""
    copied = shutil.copytree(bundle.SCHEMAS, tmp_path / "schemas", ignore=shutil.ignore_patterns("generated"))
    freeze.write(copied)
    (copied / "versions" / f"{NAME}.yml").write_text(
        'next: "9.9"\nmoves:\n  - from: context.notices\n    to: context.change_notices\n'
    )
    for name, old, new in (("01_identity", f'"{NAME}"', '"9.9"'), ("05_context", '"notices"', '"change_notices"')):
        path = copied / "sections" / f"{name}.schema.json"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return copied


def next_one(schemas: Path) -> Gatekeeper:
    """The gate of the version after today's."""
    built = bundle.build(schemas)
    keeper = Gatekeeper(Contract(built), b"k" * 32)
    keeper.older = dict.fromkeys(versions.names(schemas))
    return keeper


def test_a_frozen_version_takes_and_refuses_the_records_it_took_and_refused(schemas: Path, monkeypatch) -> None:
    older = versions.older
    monkeypatch.setattr(versions, "older", lambda built, name: older(built, name, schemas))
    keeper = next_one(schemas)
    taken = 0
    for path in sorted((RECORDS / NAME).glob("*/*.yml")):
        text = path.read_text(encoding="utf-8")
        (found,) = native.read(path.name, io.BytesIO(text.encode()))
        outcome = keeper.admit(OWN, found.record, found.positions)
        if path.parent.name == "passes":
            assert isinstance(outcome, Admitted), (path, outcome)
            assert outcome.version == NAME and outcome.record["schema_version"] == "9.9"
            taken += "change_notices" in outcome.record.get("context", {})
        else:
            expected = re.findall(r"# (PM\d{3}) (\S+)$", text, re.MULTILINE)
            assert [(fault.code, fault.field) for fault in outcome[0]] == expected
    assert taken


def test_what_is_frozen_has_a_line_for_each_field_and_holds_no_prompt_and_no_field_of_a_pack(schemas: Path) -> None:
    text = (schemas / "versions" / f"postmortem-{NAME}.schema.json").read_text(encoding="utf-8")
    kept, today = json.loads(text), bundle.load()
    assert kept.keys() == today.keys() - freeze.OF_TODAY - freeze.PROMPTS
    assert list(dict(versions.nodes(kept))) == list(dict(versions.nodes(today)))
    assert text.count("\n") == len(kept) + len(kept["properties"]) + len(kept["allOf"]) + 4
    assert "markdownDescription" not in text
    assert kept["properties"]["domain_fields"]["properties"] == {}
    of_packs = [entry["then"] for entry in kept["allOf"] if "x-domain" in entry]
    assert of_packs and all("required" in then for then in of_packs)


def test_a_version_is_frozen_once(schemas: Path) -> None:
    shutil.copy(bundle.SCHEMAS / "sections/01_identity.schema.json", schemas / "sections/01_identity.schema.json")
    with pytest.raises(FileExistsError):
        freeze.write(schemas)
