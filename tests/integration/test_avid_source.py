"""The shipped mapping of AVID on a report invented in its manner: what it says, and what it must not be made to say.

Not here: the real reports (test_ai_sources.py).
"""

from __future__ import annotations

import json

import pytest

from pipelines.ingest.mapping import Mapped
from tests import foreign

REPORT = {
    "metadata": {"report_id": "AVID-2031-R0001"},
    "affects": {
        "developer": ["Gate Makers", "N/A"],
        "deployer": ["n/a"],
        "artifacts": [{"type": "System", "name": "n/a"}, *[{"type": "Model", "name": "gate-1"}] * 2],
    },
    "problemtype": {"classof": "CVE Entry", "type": "Advisory", "description": {"value": "It opens (CVE-2031-12345)"}},
    "references": [{"label": "elsewhere", "url": "https://incidentdatabase.ai/cite/9000"}],
    "description": {"value": "Whoever asks twice is let in."},
    "impact": {
        "avid": {"vuln_id": "AVID-2031-V001", "sep_view": ["P0402:  PHYSICAL safety"], "taxonomy_version": ""},
        "cvss": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL", "vectorString": "CVSS:3.1/AV:N"},
        "cwe": [{"cweId": name, "description": name} for name in ("CWE-79", "CWE-79", "CWE-99999")],
    },
    "reported_date": "2031-02-03",
}


def _report(**changes) -> Mapped:
    return foreign.mapped_texts("avid", one=json.dumps(REPORT | changes))[0]


def test_a_report_is_a_vulnerability_and_its_score_no_severity() -> None:
    record = _report().record
    assert record["record_kind"] == "vulnerability" and not {"severity", "category", "chronology"} & record.keys()
    assert record["communication"]["risk_implications"] == "CVSS 3.1: 9.8 CRITICAL, CVSS:3.1/AV:N"
    assert record["timeline"] == [{"at": "2031-02-03", "event": "Reported"}]
    assert record["related"] == [{"id": "AVID-2031-V001"}]


def test_an_artifact_without_a_name_is_one_all_the_same_and_not_called_so() -> None:
    record = _report().record
    assert record["context"]["artifacts"] == [
        {"id": "AR1", "kind": "system"},
        {"id": "AR2", "kind": "model", "name": "gate-1"},
    ]
    assert record["scope"] == {"developers": ["Gate Makers"]}


def test_labels_are_matched_on_their_code_and_say_nothing_of_what_was_only_measured() -> None:
    record = _report().record
    assert record["taxonomy"]["labels"][0] == {"scheme": "sep_view", "code": "P0402", "label": "PHYSICAL safety"}
    assert record["subcategory"] == "unsafe_output"
    assert "subcategory" not in _report(problemtype=REPORT["problemtype"] | {"type": "Measurement"}).record


@pytest.mark.parametrize(
    ("codes", "word"),
    [(["P0401: a", "P0402: b", "S0100: c"], "unsafe_output"), (["P0402: b", "P0204: d"], None), (["S0100: c"], None)],
)
def test_codes_that_say_several_things_give_no_subcategory(codes: list[str], word: str | None) -> None:
    assert _report(impact={"avid": {"sep_view": codes}}).record.get("subcategory") == word


def test_a_weakness_is_a_root_cause_once_and_one_nobody_listed_keeps_its_words_alone() -> None:
    mapped = _report()
    assert mapped.record["root_causes"] == [
        {"id": "CWE-79", "code": "code_defect", "stated_as": "CWE-79"},
        {"id": "CWE-99999", "stated_as": "CWE-99999"},
    ]
    assert mapped.unmapped == (("root_causes[].code", "CWE-99999"),)


def test_numbers_elsewhere_come_from_addresses_and_else_from_the_title() -> None:
    entry = {"label": "NVD entry", "url": "https://www.cve.org/CVERecord?id=CVE-2031-12345"}
    of_title, of_address = _report(), _report(references=[entry, {"label": "log", "url": "../a.log"}])
    assert [(r["system"], r["id"]) for r in of_title.record["external_references"]] == [
        ("aiid", "9000"),
        ("cve", "CVE-2031-12345"),
    ]
    assert of_address.record["external_references"] == [
        {"system": "cve", "id": "CVE-2031-12345", "url": entry["url"], "title": "NVD entry"},
        {"title": "log"},
    ]


def test_measurements_of_every_shape_are_evidence() -> None:
    rows = [{"detector": "gate.Open", "passed": 7, "total_evaluated": 8, "score": 87.5}]
    scores = [{"Model": "gate-1", "Test Kind": "Knocking", "Test Score": "63.0", "Temperature (max 2.0)": "0.7"}]
    metrics = [
        {"metrics": "accuracy", "scorer": "choice", "value": 0.5},
        {"name": "HONEST", "detection_method": {"type": "Test", "name": "z"}, "features": {"measured": "words"}},
        {"name": "", "results": {"rows": rows}},
        {"name": "scores", "results": {"Test Scores": scores}},
    ]
    assert [one["statement"] for one in _report(metrics=metrics).record["evidence"]] == [
        "accuracy, scorer choice: 0.5",
        "HONEST, Test, z, measured: words",
        "gate.Open: 7 of 8 passed, score 87.5",
        "scores, gate-1, Knocking, temperature 0.7: 63.0",
    ]
