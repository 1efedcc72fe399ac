"""The schema line in the real YAML language server: what an author sees while writing.

Skips, saying so, where npm is absent or reaches no registry. Installed once into the cache folder (4 s); see
language_server.py.
"""

from __future__ import annotations

import json
import re

import pytest
import yaml

from pipelines.authoring.new import schema_line
from pipelines.contract import bundle
from pipelines.contract.asked import required_at
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.settings import ROOT, SCHEMAS, Source
from tests.editor.language_server import LOCK, LanguageServer, install
from tests.unit.test_authoring_skeleton import draft, text_of, uncommented

BUNDLE = bundle.load(SCHEMAS)
VOCABULARIES = yaml.safe_load((SCHEMAS / "vocabularies.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = install()
    if isinstance(program, str):
        pytest.skip(program)
    bundle.write(SCHEMAS)  # as set-up does: the server reads the file, which is else of an earlier state of schemas/
    running = LanguageServer(program, tmp_path_factory.mktemp("editor"))
    yield running
    running.close()


@pytest.fixture
def opened(server, tmp_path):
    """Opens a text whose `|` is the cursor, below the schema line; gives its URI and the cursor's place."""

    def opened(text: str, name: str = "record.yml") -> tuple[str, int, int]:
        whole = f"{schema_line(tmp_path)}\n{text}"
        before, _, after = whole.partition("|")
        uri = server.open(tmp_path / name, before + after)
        line = before.count("\n")
        return uri, line, len(before) - before.rfind("\n") - 1

    return opened


def inserted(item: dict) -> str:
    """What stands in the file when the author accepts every first choice and example of a completion."""
    text = re.sub(r"\$\{\d+\|(.*?)(?<!\\)[,|].*?\}", r"\1", item["textEdit"]["newText"])
    return re.sub(r"\\([$},|\\])", r"\1", re.sub(r"\$\{\d+:(.*?)(?<!\\)\}", r"\1", text))


def is_accepted(text: str) -> bool:
    keeper = Gatekeeper(Contract(BUNDLE), b"")
    return isinstance(keeper.admit(Source("own", None, "*", "native"), yaml_events.load(text), dict), Admitted)


@pytest.mark.parametrize("category", VOCABULARIES["categories"])
def test_the_editor_has_nothing_against_a_new_draft_nor_against_its_prompts_uncommented(server, tmp_path, category):
    text = text_of(draft(category, "healthcare")).replace("$schema=x", schema_line(tmp_path).partition("$schema=")[2])
    assert server.diagnostics(server.open(tmp_path / "draft.yml", text)) == []
    whole = "\n".join(uncommented(line) for line in text.splitlines()).replace("stage: draft", "stage: verified")
    assert server.diagnostics(server.open(tmp_path / "whole.yml", whole)) == []


def test_the_editor_marks_what_ingestion_would_refuse_in_the_same_lines(server, opened, tmp_path):
    version = draft()["schema_version"]
    text = (
        f"schema_version: '{version}'\nid: X1\nstage: draft\ntitle: T\ncategory: service_degradation\n"
        "severity: high\nsevreity: sev1\nscope: {summary: S}\n"
        "chronology: {impact_started_at: yesterday, detected_at: 2026-05-04}\n"
    )
    uri, *_ = opened(text)
    marked = {one["range"]["start"]["line"]: one["message"] for one in server.diagnostics(uri)}
    faults = Contract(BUNDLE).faults(yaml_events.load(text), lambda: yaml_events.positions(text, 2))
    assert sorted(marked) == [fault.line - 1 for fault in faults] == [6, 7, 9]
    assert "sev1" in marked[6] and "sevreity" in marked[7] and "as exact as you know it" in marked[9]


def test_hovering_over_a_field_shows_its_prompt_its_words_and_an_example(server, opened):
    shown = server.hover(*opened("seve|rity: sev2\n"))
    assert BUNDLE["properties"]["severity"]["markdownDescription"] in shown
    for word, entry in VOCABULARIES["severities"].items():
        assert f"`{word}`: {entry['definition']}" in shown
    assert "Example" in shown
    deep = server.hover(*opened("actions:\n  - id: A1\n    due_|on: 2026-06-15\n", "deep.yml"))
    assert "The day it is promised for" in deep


def test_words_are_completed_with_their_meanings(server, opened):
    offered = server.completions(*opened("category: |\n"))
    assert set(VOCABULARIES["categories"]) <= offered.keys()
    meaning = offered["data_quality_anomaly"]["documentation"]["value"]
    assert meaning == VOCABULARIES["categories"]["data_quality_anomaly"]["definition"]


@pytest.mark.parametrize("domain", BUNDLE["x-domain-packs"])
def test_the_fields_of_a_domain_are_offered_once_the_domain_is_written(server, opened, domain):
    offered = server.completions(*opened(f"domain: {domain}\ndomain_fields:\n  |\n", f"{domain}.yml"))
    own = BUNDLE["x-domain-packs"][domain]["properties"]
    assert own.keys() <= offered.keys()
    others = {name for pack in BUNDLE["x-domain-packs"].values() for name in pack["properties"]} - own.keys()
    assert not others & offered.keys()


def test_one_snippet_is_a_whole_draft_that_ingestion_accepts(server, opened):
    item = server.completions(*opened("|\n"))["post-mortem draft"]
    text = inserted(item)
    assert is_accepted(text) and yaml_events.load(text)["stage"] == "draft"
    assert [*yaml_events.load(text)] == [name for name in BUNDLE["properties"] if f"\n{name}:" in f"\n{text}"]
    assert server.diagnostics(opened(text, "inserted.yml")[0]) == []
    assert not is_accepted(text.replace("severity:", "severty:")), "the check would notice"


LISTS = sorted(
    {one.field.partition("[].")[0] for one in required_at(BUNDLE) if "[]." in one.field and one.stage == "draft"}
)


@pytest.mark.parametrize("path", LISTS)
def test_each_list_offers_an_entry_with_all_that_a_draft_asks_of_entries(server, opened, path):
    known = "".join(f"{line}\n" for line in text_of(draft(), "draft").splitlines() if not line.startswith("#"))
    way = "".join("  " * depth + f"{step}:\n" for depth, step in enumerate(path.split(".")))
    margin = "  " * (path.count(".") + 1)
    offered = server.completions(*opened(f"{known}{way}{margin}- |\n", f"{path}.yml"))[f"entry of {path}"]
    # an editor indents what it inserts as far as the line it inserts it into
    entry = inserted(offered).replace("\n", f"\n{margin}")
    assert is_accepted(f"{known}{way}{margin}- {entry}\n")
    assert entry.startswith(("id: ", "at: ", "role: "))


def test_the_lock_pins_every_package_by_content_and_names_no_host():
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages and all(entry["integrity"].startswith("sha512-") for entry in packages)
    assert not any("resolved" in entry for entry in packages)
    assert (ROOT / "tests/editor/package.json").exists()
