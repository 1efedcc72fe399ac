"""The hand-made warehouse of these tests has no column that the dbt models do not promise, nor one of another type."""

from pathlib import Path

import pytest
import yaml

from tests.unit.mart_fixture import TABLES

MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
ALIKE = {"integer": "bigint"}  # counts: the width is the model's business


@pytest.mark.parametrize("table", [name for name in TABLES if name.startswith("marts.")])
def test_the_fixture_has_the_columns_of_the_contract(table):
    model = yaml.safe_load((MARTS / f"{table.removeprefix('marts.')}.yml").read_text(encoding="utf-8"))["models"][0]
    promised = {column["name"]: column["data_type"] for column in model["columns"]}
    for column in TABLES[table].split(", "):
        name, kind = column.split()
        assert ALIKE.get(promised[name], promised[name]) == ALIKE.get(kind, kind), name
