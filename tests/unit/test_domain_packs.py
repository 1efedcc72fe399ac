"""Each domain pack holds what its people must be asked, and asks for it at the stage at which they can answer.

The records are skeletons with every prompt uncommented: one that passes for each pack and stage, and one that fails for
each field the pack asks for. Not here: that SQL answers (tests/integration/test_worked_records.py).
"""

import copy
from functools import cache

import pytest

from pipelines.contract.asked import required_at
from pipelines.ingest.readers import yaml_events
from tests.projects import CATEGORIES
from tests.unit.test_authoring_skeleton import BUNDLE, KEEPER, STAGES, draft, text_of, uncommented

# What each pack is for: the field, and the stage from which a record of the domain answers it.
PROMISED = {
    "healthcare": {
        "harm_class": "review", "phi_exposure.extent": "published", "clinical_review.reviewer_role": "published",
    },
    "finance": {
        "model_risk_tier": "review", "loss.min_cents": "published", "loss.max_cents": "published",
        "loss.currency": "published", "regulator.regime": "published", "regulator.aware_at": "published",
    },
    "ecommerce": {
        "peak.season": "review", "orders_at_risk.min": "published", "orders_at_risk.max": "published",
        "revenue_at_risk.min_cents": "published", "revenue_at_risk.max_cents": "published",
    },
}  # fmt: skip
ASKED = [one for one in required_at(BUNDLE) if one.domain]


@cache
def verified(domain):
    lines = text_of(draft(CATEGORIES[2], domain), "verified").splitlines()
    return KEEPER.contract.typed(yaml_events.load("\n".join(uncommented(line) for line in lines)))


def whole(domain, stage):
    return copy.deepcopy(verified(domain)) | {"stage": stage}


def found(record):
    return [(fault.code, fault.field) for fault in KEEPER.contract.faults(record, lambda: {(): (1, 1)})]


def without(record, field):
    """The record without one field, in the first entry where it is one of a list's entries."""
    record = copy.deepcopy(record)
    *way, last = field.replace("[]", ".0").split(".")
    place = record
    for step in way:
        place = place[int(step) if step.isdecimal() else step]
    del place[last]
    return record, ".".join((*way, last)).replace(".0", "[0]")


@pytest.mark.parametrize("domain", BUNDLE["x-domain-packs"])
def test_a_record_of_each_stage_passes(domain):
    assert [found(whole(domain, stage)) for stage in STAGES] == [[]] * len(STAGES)


@pytest.mark.parametrize("one", ASKED, ids=lambda one: f"{one.domain}: {one.field}")
def test_a_record_without_a_field_fails_from_the_stage_on_that_asks_for_it(one):
    for stage in STAGES:
        record, field = without(whole(one.domain, stage), one.field)
        is_asked = STAGES.index(stage) >= STAGES.index(one.stage)
        assert found(record) == ([("PM021", field)] if is_asked else []), stage


@pytest.mark.parametrize("domain", PROMISED)
def test_a_pack_asks_for_what_it_is_there_for(domain):
    asked = {one.field.removeprefix("domain_fields."): one.stage for one in ASKED if one.domain == domain}
    assert PROMISED[domain].items() <= asked.items()
    assert PROMISED.keys() == BUNDLE["x-domain-packs"].keys()


@pytest.mark.parametrize("domain", BUNDLE["x-domain-packs"])
def test_a_misspelt_field_another_packs_field_and_a_wrong_word_are_refused(domain):
    record, own = whole(domain, "draft"), BUNDLE["x-domain-packs"][domain]["properties"]
    other = next(name for pack in BUNDLE["x-domain-packs"].values() for name in pack["properties"] if name not in own)
    for name in (other, "modle_risk_tier"):
        spoilt = copy.deepcopy(record)
        spoilt["domain_fields"][name] = 1
        assert found(spoilt) == [("PM020", f"domain_fields.{name}")]
    for name, node in own.items():
        if "enum" in node:
            spoilt = copy.deepcopy(record)
            spoilt["domain_fields"][name] = "no such word"
            assert found(spoilt) == [("PM022", f"domain_fields.{name}")]
