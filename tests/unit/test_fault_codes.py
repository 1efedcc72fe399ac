"""schemas/faults.yml against the code that raises the codes, and each example through the reading of a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pipelines.checking.codes import FAULTS, UnknownCode, codes, explained
from pipelines.contract import bundle
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.deliver import read_source
from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.privacy.forgotten import Forgotten
from pipelines.settings import ROOT, Settings, Source
from tests.projects import record

WRITTEN = yaml_events.load(FAULTS.read_text())
FORGOTTEN = Forgotten(frozenset({"INC-2026-0666"}))
KEEPER = Gatekeeper(Contract(bundle.load()), b"examples' pseudonyms match no", FORGOTTEN)
OF_RECORDS = "PM02", "PM04", "PM07"  # examples that are some fields of a record
NO_TEXT = {"PM019", "PM060", "PM064"}  # what passes is a file of another kind


def test_every_code_that_can_be_raised_is_explained_and_no_other() -> None:
    raised = set()
    for path in (ROOT / "pipelines").rglob("*.py"):
        if "simulate" not in path.parts:
            raised |= set(re.findall(r'"(PM0\d\d)"', path.read_text(encoding="utf-8")))
    assert sorted(WRITTEN) == sorted(raised)


def test_every_entry_says_why_how_and_shows_both_kinds() -> None:
    for code, entry in WRITTEN.items():
        assert entry.keys() >= {"title", "reason", "fix", "fails"}, code
        assert entry.keys() <= {
            "title", "reason", "fix", "fails", "passes", "file", "saved_as", "last_line_times", "source",
        }, code  # fmt: skip
        assert ("passes" in entry) == (code not in NO_TEXT), code


@pytest.mark.parametrize("code", WRITTEN)
def test_the_example_that_fails_gives_its_code(code: str, tmp_path: Path) -> None:
    found = faults(tmp_path, code, "fails")
    assert code in found
    if code.startswith(OF_RECORDS):
        assert found == {code}


@pytest.mark.parametrize("code", [code for code in WRITTEN if code not in NO_TEXT])
def test_the_example_that_passes_does_not(code: str, tmp_path: Path) -> None:
    found = faults(tmp_path, code, "passes")
    assert code not in found
    if code.startswith(OF_RECORDS):
        assert found == set()


def faults(folder: Path, code: str, kind: str) -> set[str]:
    """The codes that an example of faults.yml is set aside with."""
    entry = WRITTEN[code]
    name = "example" + entry.get("file", ".yml")
    encoding = entry.get("saved_as", "utf-8") if kind == "fails" else "utf-8"
    (folder / name).write_bytes(text(code, kind).encode(encoding))
    declared = {"reader": "native"} | entry.get("source", {})
    if "mapping" in declared:
        (folder / "mapping.sql").write_text(declared["mapping"])
        declared["mapping"] = folder / "mapping.sql"
    rows: list[tuple[str, dict]] = []
    source = Source("tried", folder, "*", **declared)
    read_source(source, [found(folder / name)], KEEPER, lambda file: file, folder, lambda *row: rows.append(row))
    return {row["code"] for table, row in rows if table == "faults"}


def found(path: Path) -> FoundFile:
    own = path.with_name("state")
    (file,) = files_of(Settings(own, own, own, ()), Source("tried", path.parent, path.name, "native"))
    return file


def text(code: str, kind: str) -> str:
    """The text of the example's file."""
    entry = WRITTEN[code]
    written = entry[kind]
    if kind == "fails" and "last_line_times" in entry:
        *lines, last = written.splitlines(keepends=True)
        return "".join(lines) + last * int(entry["last_line_times"])
    if not code.startswith(OF_RECORDS):
        return written
    return yaml.safe_dump(record(1) | yaml_events.load(written), sort_keys=False)


def test_a_code_is_explained_whatever_its_letters_and_with_its_examples() -> None:
    said = explained("pm022 ")
    assert "PM022: Not a word of this field" in said and "    severity: high" in said and "    severity: sev2" in said
    assert explained("PM106").startswith("PM106: Resolved after it was mitigated")


def test_a_code_that_does_not_exist_is_met_with_those_near_it() -> None:
    with pytest.raises(UnknownCode, match="PM022"):
        explained("PM0222")
    assert all("reason" in entry and "fix" in entry for entry in codes().values())
