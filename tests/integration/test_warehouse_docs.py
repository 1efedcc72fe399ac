"""docs/warehouse.md is what the contracts give, and nothing of a built warehouse is missing in it."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines import models
from pipelines.analysis import steps
from pipelines.publish import warehouse_docs
from pipelines.quality import history
from pipelines.warehouse import connect
from tests.integration.raw_fixture import add, at, create


def test_the_page_is_what_the_contracts_give() -> None:
    # to mend it: .venv/bin/python -m pipelines.publish.warehouse_docs
    assert warehouse_docs.PAGE.read_text(encoding="utf-8") == warehouse_docs.page()


def test_every_table_of_a_built_warehouse_is_in_the_page_with_its_columns(tmp_path: Path) -> None:
    with create(tmp_path / "work" / "warehouse.duckdb") as con:
        add(con, "raw.as_of", as_of=at("2026-11-23T06:00"))
        con.execute("CREATE SCHEMA marts; CREATE TABLE marts.of_an_older_version AS SELECT 1")
    models.build(tmp_path)
    text = warehouse_docs.page()
    with connect(tmp_path / "work" / "warehouse.duckdb") as con:
        steps.all_of(con)
        history.prepare(con)
        history.store(con, [])
        columns: dict[str, list[str]] = {}
        for schema, table, column in con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
            "WHERE schema_name IN ('marts', 'raw', 'quality', 'analysis') "
            "ORDER BY schema_name, table_name, column_index"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", []).append(column)
    told = dict(re.findall(r"^\| `((?:raw|quality|analysis)\.\w+)` \| .* \| (.*) \|$", text, re.MULTILINE))
    told |= dict(re.findall(r"^### (marts\.\w+)\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE))
    assert told.keys() == columns.keys()
    for table, names in columns.items():
        if table.startswith("marts."):
            assert re.findall(r"^\| `(\w+)` \|", told[table], re.MULTILINE) == names, table
        elif table.startswith("raw."):
            assert told[table] == str(len(names)), table
        elif table != "quality.record_quality":
            assert told[table] == ", ".join(names), table
