"""The product's own SQL over invented tables: dbt's compiled models in a warehouse in memory.

Here: compiling once, making the warehouse, building some of the models. Not here: the tables a method starts from.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

import duckdb

from benchmarks import compiled


@cache
def models() -> dict[str, dict]:
    """Every model that leaves something in the warehouse, by name, in an order in which each can be built."""
    with tempfile.TemporaryDirectory() as scratch:
        found = json.loads(compiled.write(Path(scratch)).read_text())
    return {model["name"]: model for model in found}


def warehouse(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """An empty warehouse, with the schemas that models are built into."""
    con = duckdb.connect(config={"threads": threads})
    con.execute("ATTACH ':memory:' AS warehouse; USE warehouse; SET TimeZone = 'UTC'")
    con.execute("CREATE SCHEMA raw; CREATE SCHEMA intermediate; CREATE SCHEMA marts; CREATE SCHEMA analysis")
    return con


def build(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Build these models, in the order given, from what is in the warehouse."""
    for name in names:
        model = models()[name]
        con.execute(f"CREATE OR REPLACE {model['kind']} {model['relation']} AS {model['sql']}")
