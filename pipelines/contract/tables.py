"""The contract as tables: every section of the bundle becomes a raw table, and one SELECT fills each.

Here: the walk over the bundle, the DDL and the extraction SQL. Not here: any field by name; a field added to
`schemas/` gets its column, its type and its comment without a line changed in this file.

Rules of the walk: an object is flattened into its table (`scope.summary` -> `scope_summary`), an array of words is a
VARCHAR[] column, an array of objects is a table of its own (`actions[].verifications` -> `raw.actions_verifications`).
An instant becomes three columns: the UTC moment at the start of what was written, the text, and its precision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.contract.bundle import ContractError

TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "day": "DATE",
    "instant": "TIMESTAMPTZ",
    "words": "VARCHAR[]",
}
# Only as deep as the contract goes today: scenarios[].runs[] is two; a third level would need a third position.
POSITIONS = ("position", "parent_position")


@dataclass(frozen=True)
class Column:
    """One field of one table: `keys` lead from the row's object to the value."""

    name: str
    keys: tuple[str, ...]
    kind: str
    description: str


@dataclass(frozen=True)
class Table:
    """One section: `steps` are the key paths of the arrays that lead to a row, empty for the record itself."""

    name: str
    steps: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    description: str
    domain: str | None = None

    @property
    def positions(self) -> tuple[str, ...]:
        return POSITIONS[: len(self.steps)]


def kind_of(node: dict) -> str:
    """The column kind of a leaf: its format first, then its type; a state word never decides."""
    if node.get("format") in ("instant", "day"):
        return node["format"]
    types = node.get("type", "string")
    types = [types] if isinstance(types, str) else types
    for kind in ("integer", "number", "boolean"):
        if kind in types:
            return "text" if kind == "number" and node.get("x-free-value") else kind
    return "text"


def tables(bundle: dict) -> list[Table]:
    """Every raw section table of the bundle, the record first, then the rest in the bundle's order."""
    found = list(_walk("records", bundle, (), None))
    for domain, pack in sorted(bundle.get("x-domain-packs", {}).items()):
        base = [("domain_fields",)]
        for table in _walk(f"domain_{domain}", pack, (), domain):
            if not table.steps:
                columns = tuple(_under(base[0], column) for column in table.columns)
                found.append(Table(table.name, (), columns, table.description, domain))
            else:
                steps = ((*base[0], *table.steps[0]), *table.steps[1:])
                found.append(Table(table.name, steps, table.columns, table.description, domain))
    return found


def _under(prefix: tuple[str, ...], column: Column) -> Column:
    return Column(column.name, (*prefix, *column.keys), column.kind, column.description)


def _walk(name: str, node: dict, steps: tuple, domain: str | None) -> Iterator[Table]:
    columns, children = [], []
    for keys, leaf in _leaves(node.get("properties", {}), ()):
        if leaf.get("type") == "array" and leaf["items"].get("type") == "object":
            children.append((keys, leaf))
        else:
            kind = "words" if leaf.get("type") == "array" else kind_of(leaf)
            columns.append(Column("_".join(keys), keys, kind, _describe(leaf)))
    yield Table(name, steps, tuple(columns), _describe(node), domain)
    for keys, leaf in children:
        stem = "" if name == "records" else f"{name}_"
        yield from _walk(
            stem + "_".join(keys), leaf["items"] | {"title": leaf.get("title", "")}, (*steps, keys), domain
        )


def _leaves(properties: dict, prefix: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict]]:
    for key, node in properties.items():
        if node.get("type") == "object":
            yield from _leaves(node.get("properties", {}), (*prefix, key))
        else:
            yield (*prefix, key), node


def _describe(node: dict) -> str:
    return node.get("title", "").strip()


def ddl(table: Table) -> str:
    """CREATE TABLE for one section; comments carry the contract's titles."""
    lines = ["record_id VARCHAR NOT NULL", "revision_id VARCHAR NOT NULL"]
    lines += [f"{position} INTEGER NOT NULL" for position in table.positions]
    lines += [f'"{name}" {kind}' for name, kind, _ in described_columns(table)]
    return f"CREATE TABLE IF NOT EXISTS raw.{table.name} (\n  " + ",\n  ".join(lines) + "\n)"


def described_columns(table: Table) -> Iterator[tuple[str, str, str]]:
    """(column, DuckDB type, description) of every contract column; an instant yields its three."""
    for column in table.columns:
        yield column.name, TYPES[column.kind], column.description
        if column.kind == "instant":
            yield f"{column.name}_text", "VARCHAR", f"{column.description}, as written"
            yield f"{column.name}_precision", "VARCHAR", f"{column.description}: year, month, day, minute or second"


def structure(bundle: dict) -> str:
    """The shape json_transform reads a record with: every scalar as text, so that typing stays in one place."""
    shape = _shape(bundle)
    shape["domain_fields"] = {}
    for domain, pack in bundle.get("x-domain-packs", {}).items():
        path = f"domains/{domain}.schema.json: domain_fields"
        shape["domain_fields"] = _merged(shape["domain_fields"], _shape(pack), path)
    if not shape["domain_fields"]:
        del shape["domain_fields"]
    return json.dumps(shape)


def _shape(node: dict) -> dict | list | str:
    if node.get("type") == "array":
        return [_shape(node["items"])]
    if "properties" in node:
        shaped = {key: _shape(child) for key, child in node["properties"].items()}
        return {key: shape for key, shape in shaped.items() if shape != {}}
    return {} if node.get("type") == "object" else "VARCHAR"


def _merged(one: dict | list | str, other: dict | list | str, path: str) -> dict | list | str:
    """What two packs read under one name: every key of both. The types of values may differ: each casts its own."""
    if type(one) is not type(other):
        raise ContractError(f"{path} is an object, a list or a value, and in another pack another of these; rename it")
    if isinstance(one, list):
        return [_merged(one[0], other[0], f"{path}[]")]
    if isinstance(one, dict):
        both = {key: _merged(one[key], other[key], f"{path}.{key}") for key in one.keys() & other.keys()}
        return one | other | both
    return one


def fill(table: Table, batch: str = "batch") -> str:
    """INSERT ... SELECT of one section from `batch(record_id, revision_id, time_zone, r STRUCT)`.

    The macros `stated`, `instant_utc`, `instant_precision` come from pipelines/ingest/raw_macros.sql.
    """
    source, row = f"SELECT record_id, revision_id, time_zone, r AS e FROM {batch}", "e"
    if table.domain:
        source += f" WHERE r.domain = '{table.domain}'"
    for depth, keys in enumerate(table.steps):
        path = _path(row, keys)
        outer = ", position AS parent_position" if depth else ""
        source = (
            f"SELECT record_id, revision_id, time_zone{outer}, unnest({path}) AS e, "
            f"generate_subscripts({path}, 1)::INTEGER AS position FROM ({source})"
        )
    values = ["record_id", "revision_id", *table.positions]
    values += [value for column in table.columns for value in _values(column, _path(row, column.keys))]
    # by name: a warehouse that an older contract made has columns in another order, and some that none fills any more
    names = ["record_id", "revision_id", *table.positions, *(name for name, _, _ in described_columns(table))]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO raw.{table.name} ({listed})\nSELECT {', '.join(values)}\nFROM ({source})"


def _path(row: str, keys: tuple[str, ...]) -> str:
    return row + "".join(f'."{key}"' for key in keys)


def _values(column: Column, path: str) -> list[str]:
    if column.kind == "words":
        return [path]
    if column.kind == "text":
        return [f"stated({path})"]
    if column.kind == "instant":
        return [f"instant_utc({path}, time_zone)", f"stated({path})", f"instant_precision({path})"]
    return [f"TRY_CAST({path} AS {TYPES[column.kind]})"]
