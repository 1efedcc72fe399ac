"""The tables of `analysis`: made empty from their contract, which stands with all others in dbt's _sources.yml.

Here: names, types and comments. Not here: what fills them (each method's own module).
"""

from __future__ import annotations

from functools import cache

import duckdb
import yaml

from pipelines.settings import DBT_PROJECT
from pipelines.warehouse import insert, literal

CONTRACT = DBT_PROJECT / "models" / "_sources.yml"


@cache
def contract() -> dict[str, dict]:
    """The tables of this folder by name: description, columns with data_type and description."""
    written = yaml.load(CONTRACT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["sources"]
    return {table["name"]: table for source in written if source["name"] == "analysis" for table in source["tables"]}


def columns(name: str) -> dict[str, str]:
    """Column -> DuckDB type, in the order of the contract."""
    return {column["name"]: column["data_type"] for column in contract()[name]["columns"]}


def create(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """Make analysis.<name> anew and empty, every column with its comment; returns the full name."""
    table = f"analysis.{name}"
    shape = ", ".join(f"{column} {kind}" for column, kind in columns(name).items())
    comments = [f"COMMENT ON TABLE {table} IS {literal(contract()[name]['description'])}"]
    for column in contract()[name]["columns"]:
        comments.append(f"COMMENT ON COLUMN {table}.{column['name']} IS {literal(column['description'])}")
    con.execute(
        f"CREATE SCHEMA IF NOT EXISTS analysis; CREATE OR REPLACE TABLE {table} ({shape}); {'; '.join(comments)}"
    )
    return table


def fill(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict]) -> int:
    """Make analysis.<name> anew with these rows, for tables of some hundred rows; returns how many."""
    insert(con, create(con, name), columns(name), rows)
    return len(rows)
