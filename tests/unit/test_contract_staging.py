"""The lists handed to dbt: domain packs, levers, words, keys. Not here: what models make of them (test_dbt_models)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from pipelines.contract import bundle, staging
from pipelines.contract.tables import tables
from pipelines.contract.words import COLUMNS, words
from pipelines.settings import SCHEMAS

PACK = {
    "title": "Farming",
    "description": "A pack of this test.",
    "properties": {
        "field": {
            "type": "object",
            "title": "Field",
            "properties": {
                "nullable_crops": {"type": "array", "title": "Crops", "items": {"type": "string"}},
                "sown_on": {"type": "string", "format": "instant", "title": "Sown"},
            },
        },
        "herds": {
            "type": "array",
            "title": "Herds",
            "items": {"type": "object", "properties": {"kind": {"type": "string", "x-vocabulary": "herds"}}},
        },
    },
    "vocabularies": {"herds": {"cows": {"definition": "Cows."}}},
}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The bundle with one pack more."""
    schemas = tmp_path_factory.mktemp("grown") / "schemas"
    shutil.copytree(SCHEMAS, schemas, ignore=shutil.ignore_patterns("generated"))
    (schemas / "domains" / "farming.schema.json").write_text(json.dumps(PACK))
    return bundle.build(schemas)


def test_a_new_pack_reaches_the_models_without_a_line_about_it(grown: dict) -> None:
    found = {table["table"]: table for table in staging.domain_tables(tables(grown))}
    assert found["domain_farming"] == {
        "table": "domain_farming", "domain": "farming", "position": None,
        "fields": [
            ["field.nullable_crops", "field_nullable_crops", True],
            ["field.sown_on", "field_sown_on_text", False],
        ],
    }  # fmt: skip
    assert found["domain_farming_herds"]["position"] == "position"
    assert found["domain_farming_herds"]["fields"] == [["herds[].kind", "kind", False]]
    assert "domain_finance" in found


def test_every_word_is_a_row_with_what_its_vocabulary_says_of_it(grown: dict) -> None:
    rows = {(row["vocabulary"], row["word"]): row for row in words(grown)}
    written = yaml.safe_load((SCHEMAS / "vocabularies.yml").read_text())
    assert {(name, word) for name, entries in written.items() for word in entries} <= rows.keys()
    assert rows["herds", "cows"]["definition"] == "Cows."
    drift = rows["cause_codes", "data_drift"]
    assert (drift["position"], drift["layer"], drift["category"]) == (1, "technical", "data")
    assert rows["consistencies", "against"]["ratio"] == pytest.approx(1 / 3)
    assert rows["severities", "sev2"]["rank"] == 2
    assert all(row.keys() == COLUMNS.keys() for row in rows.values())


def test_every_lever_of_the_contract_is_a_lever_of_the_mart() -> None:
    found = set(staging.levers(tables(bundle.load())))
    asked = {lever for entry in bundle.load()["x-vocabularies"]["categories"].values() for lever in entry["asks"]}
    assert asked <= found == set(bundle.load()["properties"]["levers"]["properties"])


@pytest.mark.parametrize("mart", staging.marts(), ids=lambda mart: mart["name"])
def test_a_marts_contract_names_its_key_and_says_what_every_column_is(mart: dict) -> None:
    columns = {column["name"] for column in mart["columns"]}
    assert set(mart["config"]["meta"]["key"]) <= columns and len(columns) == len(mart["columns"])
    for column in mart["columns"]:
        # an unquoted comma in a flow mapping ends a description and makes a key of its rest
        assert column.keys() <= {"name", "data_type", "description", "quote"}, column
        assert column["description"].endswith((".", ".)")), column


def test_what_is_generated_is_what_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CONTRACTS", tmp_path / "contracts.yml")
    monkeypatch.setattr(staging, "LISTS", tmp_path / "lists.sql")
    staging.write()
    contracts = yaml.safe_load((tmp_path / "contracts.yml").read_text())
    assert {model["name"] for model in contracts["models"]} | {"stg_domain_fields"} == {
        path.stem for path in (staging.MODELS / "staging").glob("*.sql")
    }
    assert "domain_finance_regulatory" in {table["name"] for table in contracts["sources"][0]["tables"]}
    assert (tmp_path / "lists.sql").read_text().count("{% macro ") == 4
