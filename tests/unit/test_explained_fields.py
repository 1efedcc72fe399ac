"""`faultlines explain FIELD`: every field of the contract and its packs, by the names people have for it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipelines.checking import fields
from pipelines.checking.codes import UnknownCode
from pipelines.cli import app


def test_a_field_is_explained_with_stage_example_and_every_word_by_any_of_its_names() -> None:
    said = fields.explained("root_causes[].code")
    assert said.startswith("root_causes[].code: Code\n\nThe code that fits best")
    assert "\nasked     from draft on, of each entry\nsuch as   missing_data_contract\nwords\n" in said
    assert "  monitoring_gap           Nothing watched the thing that failed.\n" in said
    assert said == fields.explained(" root_causes.code") == fields.explained("root_causes[3].code")
    assert fields.explained("why_undetected").startswith("contributing_factors[].why_undetected: ")


def test_a_list_names_what_its_entries_hold_and_a_rule_that_asks_is_named_as_one() -> None:
    said = fields.explained("evidence")
    assert "asked     from review on\n" in said and "each entry holds\n" in said and "\n  sha256 " in said
    assert "asked     from published on, of each entry, by a rule\n" in fields.explained("evidence.query")
    assert "asked     from review on, of finance\n" in fields.explained("domain_fields.model_risk_tier")


def test_every_field_can_be_explained() -> None:
    for path in fields._fields(fields.bundle.load()):
        assert fields.explained(path).startswith(f"{path}: ")


def test_the_command_takes_codes_and_fields_and_names_what_is_near() -> None:
    explain = CliRunner()
    assert explain.invoke(app, ["explain", "pm022"]).stdout.startswith("PM022: ")
    (one,) = json.loads(explain.invoke(app, ["explain", "triggers.code", "--json"]).stdout)
    assert one["field"] == "triggers[].code" and "schema_change" in one["enum"]
    with pytest.raises(UnknownCode, match="near it are root_causes"):
        fields.explained("rot_causes")
