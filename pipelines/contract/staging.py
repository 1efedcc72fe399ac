"""dbt's part of the contract: sections, domain packs, levers, categories and keys, so that no model lists them.

Here: two generated files (git-ignored), written at set-up: the raw section tables as sources with the columns of their
staging models, and a macro for each list a model walks over. Not here: which sections are staged; that is whichever
`stg_<section>.sql` stands in dbt_project/models/staging/.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from pipelines.contract import bundle
from pipelines.contract.tables import Column, Table, described_columns, tables
from pipelines.settings import DBT_PROJECT

MODELS = DBT_PROJECT / "models"
CONTRACTS = MODELS / "staging" / "_generated.yml"
LISTS = DBT_PROJECT / "macros" / "_generated.sql"
KEYS = (
    ("record_id", "VARCHAR", "The record's id."),
    ("revision_id", "VARCHAR", "The revision: a hash of its content."),
)
POSITIONS = {
    "position": "Place in the list it was written in, from 1.",
    "parent_position": "Place of the entry it belongs to, from 1.",
}
FROM_INGESTION = {"meta": {"dagster": {"asset_key": ["raw_records"]}}}


def write() -> None:
    """Write both files from the bundle and the contracts of the marts."""
    contract = bundle.load()
    sections = tables(contract)
    staged = {path.stem.removeprefix("stg_") for path in (MODELS / "staging").glob("stg_*.sql")}
    contracts = {
        "version": 2,
        "sources": [{"name": "raw", "tables": [_source(table) for table in sections]}],
        "models": [_contract(table) for table in sections if table.name in staged],
    }
    CONTRACTS.write_text(yaml.safe_dump(contracts, sort_keys=False, width=120, allow_unicode=True))
    lists = {
        "domain_tables": list(domain_tables(sections)),
        "levers": list(levers(sections)),
        "categories": list(contract["x-vocabularies"]["categories"]),
        "mart_keys": [[mart["name"], mart["config"]["meta"]["key"]] for mart in marts()],
    }
    LISTS.write_text("".join(_macro(name, value) for name, value in lists.items()))


def marts() -> list[dict]:
    """The contract of every mart, as written beside its SQL, by name."""
    files = sorted((MODELS / "marts").glob("*.yml"))
    return [model for path in files for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]]


def domain_tables(sections: list[Table]) -> Iterator[dict]:
    """Each table of a domain pack, with its fields by the path a record writes them under `domain_fields`."""
    for table in sections:
        if table.domain:
            prefix = ".".join(key for step in table.steps for key in (*step[:-1], f"{step[-1]}[]"))
            prefix = prefix.removeprefix("domain_fields.") + "." if prefix else ""
            yield {
                "table": table.name,
                "domain": table.domain,
                "position": (table.positions or (None,))[0],
                "fields": [[prefix + _path(column), *_as_written(column)] for column in table.columns],
            }


def levers(sections: list[Table]) -> Iterator[str]:
    """The levers a record can give a finding on."""
    for column in sections[0].columns:
        if column.keys[0] == "levers" and column.keys[-1] == "finding":
            yield column.keys[1]


def columns(table: Table) -> Iterator[tuple[str, str, str]]:
    """(name, type, description) of every column of a section table, keys first."""
    yield from KEYS
    yield from ((name, "INTEGER", POSITIONS[name]) for name in table.positions)
    yield from described_columns(table)


def _path(column: Column) -> str:
    return ".".join(key for key in column.keys if key != "domain_fields")


def _as_written(column: Column) -> tuple[str, bool]:
    """The column that holds what was written, and whether it is a list: of an instant, its text and not the moment."""
    return column.name + ("_text" if column.kind == "instant" else ""), column.kind == "words"


def _source(table: Table) -> dict:
    return {"name": table.name, "description": grain(table), "config": FROM_INGESTION}


def grain(table: Table) -> str:
    """What one row of a section table is."""
    if not table.steps:
        whose = f" of domain {table.domain}" if table.domain else ""
        return f"One row per revision{whose}: the fields that occur once."
    path = ".".join(key for step in table.steps for key in (*step[:-1], f"{step[-1]}[]"))
    return f"One row per revision and entry of {path}."


def _contract(table: Table) -> dict:
    return {
        "name": f"stg_{table.name}",
        "columns": [
            {"name": name, "data_type": kind, "description": text, "quote": True} for name, kind, text in columns(table)
        ],
    }


def _macro(name: str, value: list) -> str:
    # Jinja reads Python's literals; `return` hands a list on where a plain macro gives text
    return f"{{% macro {name}() %}}{{{{ return({value!r}) }}}}{{% endmacro %}}\n"
