"""dbt's part of the contract: the columns of every staging model, and a doc block for every field.

Here: two generated files (git-ignored), written at set-up. Not here: which sections are staged; that is whichever
`stg_<section>.sql` stands in dbt_project/models/staging/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from pipelines.contract import bundle
from pipelines.contract.tables import Table, described_columns, tables

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
CONTRACTS = MODELS / "staging" / "_generated.yml"
DOCS = MODELS / "_generated.md"
KEYS = (
    ("record_id", "VARCHAR", "The record's id."),
    ("revision_id", "VARCHAR", "The revision: a hash of its content."),
)
POSITIONS = {
    "position": "Place in the list it was written in, from 1.",
    "parent_position": "Place of the entry it belongs to, from 1.",
}


def write() -> None:
    """Write the staging contracts and the doc blocks from the bundle."""
    sections = {table.name: table for table in tables(bundle.load())}
    staged = [sections[path.stem.removeprefix("stg_")] for path in sorted((MODELS / "staging").glob("stg_*.sql"))]
    contracts = {"version": 2, "models": [_contract(table) for table in staged]}
    CONTRACTS.write_text(yaml.safe_dump(contracts, sort_keys=False, width=120, allow_unicode=True))
    DOCS.write_text("\n".join(_doc(table, *column) for table in staged for column in columns(table)))


def columns(table: Table) -> Iterator[tuple[str, str, str]]:
    """(name, type, description) of every column of a section table, keys first."""
    yield from KEYS
    yield from ((name, "INTEGER", POSITIONS[name]) for name in table.positions)
    yield from described_columns(table)


def _contract(table: Table) -> dict:
    return {
        "name": f"stg_{table.name}",
        "config": {"contract": {"enforced": True}},
        "columns": [
            {"name": name, "data_type": kind, "description": text, "quote": True} for name, kind, text in columns(table)
        ],
    }


def _doc(table: Table, name: str, kind: str, text: str) -> str:
    return f"{{% docs {table.name}__{name} %}}\n{text}\n{{% enddocs %}}\n"
