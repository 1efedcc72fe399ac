"""What a wrong record is told: place, code, what is wrong, how to mend it."""

from __future__ import annotations

import pytest
import yaml

from pipelines.contract import bundle
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.times import is_day, is_instant, unplaced
from pipelines.ingest.validate import Contract
from tests.projects import record


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(bundle.load())


def faults(contract: Contract, written: dict) -> list:
    text = yaml.safe_dump(written, sort_keys=False)
    return contract.faults(contract.typed(yaml_events.load(text)), lambda: yaml_events.positions(text))


def test_a_draft_with_its_seven_fields_has_no_fault(contract: Contract) -> None:
    assert faults(contract, record(1)) == []


@pytest.mark.parametrize(
    ("change", "code", "field", "fix"),
    [
        ({"titel": "x"}, "PM020", "titel", "rename it to `title`"),
        ({"category": "service_degradatoin"}, "PM022", "category", "did you mean `service_degradation`?"),
        ({"severity": "urgent"}, "PM022", "severity", "write one of"),
        ({"exclude_from_metrics": "maybe"}, "PM023", "exclude_from_metrics", "write true or false"),
        ({"recorded_at": "2026-02-30"}, "PM024", "recorded_at", "a real date or time"),
        ({"domain": "space", "domain_fields": {"thrust": "9"}}, "PM026", "domain_fields", "set `domain` to a pack"),
    ],
)
def test_each_kind_of_mistake_names_field_code_and_fix(
    contract: Contract, change: dict, code: str, field: str, fix: str
) -> None:
    found = faults(contract, record(1) | change)
    assert [(f.code, f.field) for f in found if f.field == field] == [(code, field)]
    assert any(fix in f.fix for f in found), [f.fix for f in found]
    assert all(f.line for f in found)


def test_a_missing_field_is_named_with_the_stage_that_asks_for_it(contract: Contract) -> None:
    without = record(1)
    del without["severity"]
    (fault,) = faults(contract, without)
    assert (fault.code, fault.field) == ("PM021", "severity") and "stage draft asks for it" in fault.fix


def test_a_fault_deep_in_a_list_points_at_its_own_line(contract: Contract) -> None:
    (fault,) = faults(
        contract, record(1) | {"actions": [{"id": "A1", "title": "a"}, {"id": "A2", "title": "b", "kind": "prevnt"}]}
    )
    line = yaml.safe_dump(
        record(1) | {"actions": [{"id": "A1", "title": "a"}, {"id": "A2", "title": "b", "kind": "prevnt"}]},
        sort_keys=False,
    )
    assert fault.field == "actions[1].kind" and "prevnt" in line.splitlines()[fault.line - 1]


@pytest.mark.parametrize(
    "text", ["2026", "2026-05", "2026-05-04", "2026-05-04T06:00Z", "2026-05-04 06:00:00+02:00", "unknown"]
)
def test_what_people_write_for_a_moment_is_one(text: str) -> None:
    assert is_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-02-30",
        "2026-05-04T24:00Z",
        "2026-05-04T10:00:60Z",
        "9999",
        "infinity",
        "20202-01-16",
        "2026-5-4",
        "2026-05-04T06:00+25:00",
        "now",
        "",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    assert not is_instant(text)


def test_a_day_is_a_day() -> None:
    assert is_day("2026-02-28") and is_day("not_applicable")
    assert not is_day("2026-02-29") and not is_day("20260228") and not is_day("2026-W01-1")


@pytest.mark.parametrize(
    ("zone", "text", "code"),
    [
        (None, "2026-05-04 06:00", "PM040"),
        ("Europe/Copenhagen", "2026-03-29 02:30", "PM041"),
        ("Europe/Copenhagen", "2026-10-25 02:30", "PM042"),
        ("Europe/Copenhagen", "2026-10-25 04:30", None),
        ("Europe/Copenhagen", "2026-03-29T02:30Z", None),
        (None, "2026-05-04", None),
    ],
)
def test_a_clock_time_must_say_which_moment_it_is(
    contract: Contract, zone: str | None, text: str, code: str | None
) -> None:
    found = unplaced({"chronology": {"detected_at": text}}, contract.schema, zone, dict)
    assert [f.code for f in found] == ([code] if code else [])


def test_digits_of_another_script_stay_text(contract: Contract) -> None:
    assert contract.typed({"revision": "٣"}) == {"revision": "٣"}
    assert contract.typed({"revision": "3"}) == {"revision": 3}


def test_what_nobody_sees_is_shown(contract: Contract) -> None:
    (fault,) = faults(contract, record(1, id="INC-\u202e1\u200b"))
    assert "`INC-\\u202e1\\u200b`" in fault.message
