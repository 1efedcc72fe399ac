"""The examples of schemas/rules.yml: `passes` is judged and keeps its rule, `fails` breaks it and no other.

Each is laid over tests/records/example.yml: groups are merged, an entry with an id of the record is laid over that
entry, everything else takes the place of what was there. Here: all rules, one warehouse. Not here: the cases at the
edges of a rule (test_quality_rules.py).
"""

from __future__ import annotations

import copy
from pathlib import Path

import jsonschema_rs
import pytest

from pipelines.contract import bundle
from pipelines.ingest import leaves
from pipelines.ingest.readers import yaml_events
from pipelines.quality import record_quality, rules
from tests.unit.quality_raw import PLAN, add, raw_tables

CATALOGUE = rules.load()
RULES = {rule.id: rule for rule in CATALOGUE.rules}
STAGES = bundle.load()["properties"]["stage"]["enum"]
BASE = yaml_events.load((Path(__file__).parents[1] / "records" / "example.yml").read_text())
VALIDATOR = jsonschema_rs.Draft7Validator(bundle.load())
KINDS = ("passes", "fails")
# A start outside the years is a time outside the years.
ALONE = {rule: {rule} for rule in RULES} | {"PM112": {"PM110", "PM112"}}


def laid_over(record: object, fragment: object) -> object:
    """The record as it is with the fragment's words in it."""
    if isinstance(record, dict) and isinstance(fragment, dict):
        return record | {key: laid_over(record.get(key), value) for key, value in fragment.items()}
    if isinstance(record, list) and fragment and all(isinstance(one, dict) and "id" in one for one in fragment):
        held = {one.get("id"): one for one in record}
        said = {one["id"]: one for one in fragment if one["id"] in held}
        new = [one for one in fragment if one["id"] not in held]
        return [laid_over(one, said[name]) if name in said else one for name, one in held.items()] + new
    return fragment


def example(rule: str, kind: str, stage: str | None = None) -> dict:
    fragment = yaml_events.load(getattr(RULES[rule], kind))
    staged = {"id": f"{rule}-{kind}-{stage}", "stage": stage or RULES[rule].stage}
    return laid_over(copy.deepcopy(BASE), staged | fragment)


def before(rule: str) -> str | None:
    """The stage before the one from which a rule is judged."""
    first = STAGES.index(RULES[rule].stage)
    return STAGES[first - 1] if first else None


@pytest.fixture(scope="module")
def warehouse():
    """Every example, and the records that some of them point to."""
    con = raw_tables()
    records = [example(rule, kind) for rule in RULES for kind in KINDS]
    records += [example(rule, "fails", before(rule)) for rule in RULES if before(rule)]
    records += [BASE | {"id": f"BASE-{stage}", "stage": stage} for stage in STAGES]
    names = [record["id"] for record in records]
    earlier = {"id": "INC-2026-0101", "chronology": {"impact_started_at": "2026-01-14T10:00Z"}}
    later = {"id": "INC-2026-0177", "related": [{"id": name, "relation": "caused_by"} for name in names]}
    add(con, *records, *[{"title": "A first", "stage": "imported", **one} for one in (earlier, later)])
    add(con, *[{"id": name, "title": "Another text", "stage": "imported", "revision": 2} for name in names])
    record_quality.apply(con, CATALOGUE)
    return con


def broken(con, record_id: str) -> set[str]:
    rows = con.execute(
        "SELECT rule FROM quality.findings JOIN raw.records USING (revision_id) "
        "WHERE findings.record_id = ? AND title <> 'Another text'",
        [record_id],
    )
    return {rule for (rule,) in rows.fetchall()}


def verdict(con, rule: str, record_id: str) -> int | None:
    rows = con.execute(
        f"SELECT {rule} FROM quality.record_quality JOIN raw.records USING (revision_id) "
        "WHERE record_quality.record_id = ? AND title <> 'Another text'",
        [record_id],
    )
    return rows.fetchall()[0][0]


@pytest.mark.parametrize("stage", STAGES)
def test_the_record_under_the_examples_breaks_no_rule_at_any_stage(warehouse, stage):
    assert broken(warehouse, f"BASE-{stage}") == set()


@pytest.mark.parametrize("rule", RULES)
def test_the_example_that_passes_is_judged_and_breaks_nothing(warehouse, rule):
    record = example(rule, "passes")["id"]
    assert verdict(warehouse, rule, record) == 0
    assert broken(warehouse, record) == set()


@pytest.mark.parametrize("rule", RULES)
def test_the_example_that_fails_breaks_its_rule_and_no_other(warehouse, rule):
    assert broken(warehouse, example(rule, "fails")["id"]) == ALONE[rule]


@pytest.mark.parametrize("rule", [rule for rule in RULES if before(rule)])
def test_a_rule_says_nothing_of_a_record_at_the_stage_before_its_own(warehouse, rule):
    assert verdict(warehouse, rule, f"{rule}-fails-{before(rule)}") is None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_a_record_in_the_shape_of_the_contract(rule, kind):
    # at the first stage, which asks for next to nothing: the example is to be short, and its words must exist
    record = example(rule, kind) | {"stage": STAGES[0]}
    leaves.walk(record, PLAN)
    assert [error.message for error in VALIDATOR.iter_errors(record)] == []
