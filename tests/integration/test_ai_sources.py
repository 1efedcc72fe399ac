"""The shipped mappings of collections about AI: ATLAS and GMF on documents invented in their manner, and both and AVID
on the real ones, which skips where they are absent.

Not here: AVID's invented reports (test_avid_source.py); readers and macros, which have tests of their own.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest import times
from pipelines.ingest.mapping import Mapped
from pipelines.ingest.validate import Contract
from tests import foreign

REAL = ("atlas", "avid", "gmf")
CASE = """
id: AML.CS9000
name: A gate is talked open
summary: Visitors told a gate that they were expected.
incident-date: 2021-03-14
incident-date-granularity: {granularity}
procedure:
- {{tactic: '{{{{impact.id}}}}', technique: '{{{{evade_model.id}}}}', description: The gate opened.}}
- {{tactic: '{{{{discovery.id}}}}', technique: AML.T0013, description: They came back.}}
target: A gate
actor: Somebody with a name
reporter: Gate Watch
case-study-type: {kind}
references:
- {{title: An entry elsewhere, url: 'https://nvd.nist.gov/vuln/detail/CVE-2021-00001'}}
"""
ANNOTATED = {
    "9000": {
        "taxonomies": {
            "task": [{"label": "Gatekeeping", "confidence": "potential", "snippets": []}],
            "failure": [
                {
                    "label": "Concept Drift",
                    "confidence": "known",
                    "snippets": ["It opened.\n"],
                    "comment": "Summer came",
                },
                {"label": "Misuse", "confidence": "potential", "snippets": ["It opened.\n", "It shut. "]},
                {"label": "Underfitting", "confidence": "certain", "snippets": []},
            ],
        },
        "snippets": [{"snippet_text": "It shut. ", "report_idx": 1}, {"snippet_text": "It opened.\n", "report_idx": 2}],
    },
    "9001": {"taxonomies": {}, "snippets": []},
}


def _case(granularity: str, kind: str) -> Mapped:
    return foreign.mapped_texts("atlas", one=CASE.format(granularity=granularity, kind=kind))[0]


@pytest.mark.parametrize(
    ("granularity", "written"),
    [("DATE", "2021-03-14"), ("MONTH", "2021-03"), ("YEAR", "2021"), ("DECADE", None)],
)
def test_a_date_is_written_as_exactly_as_its_granularity_allows(granularity: str, written: str | None) -> None:
    record = _case(granularity, "incident").record
    assert record.get("chronology", {}).get("impact_started_at") == written


def test_an_exercise_is_no_incident_and_a_kind_nobody_listed_is_not_guessed() -> None:
    exercise, other = (_case("YEAR", kind) for kind in ("exercise", "rumour"))
    assert exercise.record["record_kind"] == "exercise" and exercise.unmapped == ()
    assert "record_kind" not in other.record and other.unmapped == (("record_kind", "rumour"),)


def test_undated_steps_are_findings_in_order_and_labels_but_no_timeline() -> None:
    record = _case("YEAR", "incident").record
    findings = "1. impact / evade_model: The gate opened.\n2. discovery / AML.T0013: They came back."
    assert record["communication"]["technical_findings"] == findings
    assert {"scheme": "technique", "code": "evade_model"} in record["taxonomy"]["labels"]
    assert record["external_references"][0]["id"] == "CVE-2021-00001"
    assert "timeline" not in record and "Somebody" not in json.dumps(record)


def test_known_causes_are_root_causes_and_all_others_open_hypotheses() -> None:
    first, _ = foreign.mapped_texts("gmf", one=json.dumps(ANNOTATED))
    cause = {"id": "RC1", "code": "concept_drift", "stated_as": "Concept Drift", "description": "Summer came"}
    assert first.record["root_causes"] == [cause | {"evidence": ["E2"]}]
    assert first.record["analysis"] == {
        "hypotheses": [
            {"id": "H1", "statement": "Misuse", "state": "open"},
            {"id": "H2", "statement": "Underfitting", "state": "open"},
        ],
        "matrix": [{"hypothesis": "H1", "evidence": ["E2", "E1"]}],
    }
    assert first.record["taxonomy"]["labels"] == [{"scheme": "task", "label": "Gatekeeping", "confidence": "potential"}]
    assert first.record["evidence"][1] == {"id": "E2", "statement": "It opened.", "source_group": "report 2"}


def test_one_object_gives_a_record_for_each_of_its_incidents() -> None:
    mapped = foreign.mapped_texts("gmf", one=json.dumps(ANNOTATED))
    assert [(one.id, one.record["url"]) for one in mapped] == [
        ("AIID-9000", "https://incidentdatabase.ai/cite/9000"),
        ("AIID-9001", "https://incidentdatabase.ai/cite/9001"),
    ]


@pytest.fixture(scope="module")
def real(shared_data: Path) -> dict[str, list[Mapped]]:
    return {source: foreign.mapped(source) for source in REAL}


def test_the_real_collections_give_what_was_counted_in_them(real: dict[str, list[Mapped]]) -> None:
    atlas, avid, gmf = ([one.record for one in real[source]] for source in ("atlas", "avid", "gmf"))
    assert Counter(len(record["chronology"]["impact_started_at"]) for record in atlas) == {10: 34, 7: 14, 4: 9}
    assert Counter(record["record_kind"] for record in atlas) == {"incident": 17, "exercise": 40}
    assert (len(avid), {record["record_kind"] for record in avid}) == (1785, {"vulnerability"})
    assert sum("artifacts" in record.get("context", {}) for record in avid) == 1785
    assert sum("root_causes" in record for record in avid) == 974
    assert sum(one.get("system") == "cve" for record in avid for one in record["external_references"]) == 1102
    assert len(gmf) == 41 and sum(len(record.get("root_causes", [])) for record in gmf) == 49
    assert sum(len(record.get("analysis", {}).get("hypotheses", [])) for record in gmf) == 106


def test_every_real_record_fits_the_contract_and_every_word_is_listed(real: dict[str, list[Mapped]]) -> None:
    contract = Contract(bundle.load())
    imported = {"schema_version": "1.1", "stage": "imported", "provenance": "imported"}
    for one in (one for records in real.values() for one in records):
        typed = contract.typed(imported | one.record)
        faults = [*contract.faults(typed, dict), *times.unplaced(typed, contract.schema, None, dict)]
        assert (one.id, faults, one.unmapped) == (one.id, [], ())
