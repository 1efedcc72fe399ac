"""The sections that exist only for rules, as temporary tables over the revisions to do.

ids     every id a record gives: kind, id, n (how often it is given)
links   every name by which one part of a record points to another: kind, field, named, is_held
ranges  every pair of min and max of which the record gives both: field, low, high
texts   the texts of a record that some rule objects to: field, text; a record without one has one row of NULLs, so
        that `applies` of such a rule may look at the record only, and `violates` at s.text and the record
And `away`, for rules that miss something: per revision the fields for which a word says why there is no value.
Not here: which fields are ids or links (schemas/rules.yml names them as the contract does).
"""

from __future__ import annotations

import re

import duckdb

from pipelines.contract import bundle
from pipelines.contract.tables import Table, tables
from pipelines.quality.rules import Catalogue, CatalogueError, Rule

VIRTUAL = ("ids", "links", "ranges", "texts")
TO_DO = "revision_id IN (SELECT revision_id FROM todo)"


def prepare(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: tuple[Rule, ...], joins: str) -> None:
    """Make those tables that the rules look at, for the revisions in `todo`; `joins` serve the rules on texts."""
    used = {rule.section for rule in rules}
    _make(
        con,
        "away",
        f"SELECT revision_id, list(field) AS fields FROM raw.field_states WHERE {TO_DO} GROUP BY revision_id",
    )
    if used & {"ids", "links"}:
        kinds = _column_types(con)
        _make(con, "ids", _ids(catalogue.ids, kinds))
        _make(con, "links", _links(catalogue.links, kinds))
    if "ranges" in used:
        _make(con, "ranges", _ranges(tables(bundle.load())))
    if "texts" in used:
        objections = " OR ".join(f"({rule.violates})" for rule in rules if rule.section == "texts")
        objected = f"{joins} WHERE {objections}"
        _make(con, "suspects", _suspects(objected))
        _make(con, "texts", _texts(objected))


def locate(field: str) -> tuple[str, str]:
    """Table and column of a contract field: `actions[].verifications[].evidence` → actions_verifications, evidence."""
    table, bracket, column = field.rpartition("[].")
    if not bracket:
        table, column = "records", field
    return re.sub(r"\[\]\.|\.", "_", table), column.replace(".", "_")


def numbered(field: str, columns: set[str]) -> str:
    """`actions[].prevents` as a template with the row's own numbers, from 0 as every error counts."""
    for name in ("parent_position", "position"):
        if name in columns:
            field = field.replace("[]", f"[{{s.{name} - 1}}]", 1)
    return field


def template(text: str) -> str:
    """`resolved {s.x}` as a SQL expression: what stands in braces is SQL, the rest is said as it is."""
    parts = re.split(r"\{([^{}]+)\}", text)
    spoken = [f"({part})" if n % 2 else "'" + part.replace("'", "''") + "'" for n, part in enumerate(parts) if part]
    return f"concat({', '.join(spoken)})"


def columns_of(con: duckdb.DuckDBPyConnection, section: str) -> set[str]:
    """The columns of one raw table; none for a section that exists only here."""
    return {column for table, column in _column_types(con) if table == section}


def _make(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")


def _column_types(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    rows = con.execute("SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'raw'")
    return {(table, column): kind for table, column, kind in rows.fetchall()}


def _at(what: str, field: str, kinds: dict) -> tuple[str, str]:
    table, column = locate(field)
    if (table, column) not in kinds:
        raise CatalogueError(f"rules.yml: {what}: the contract has no field {field} (raw.{table}.{column})")
    return table, column


def _ids(ids: dict[str, tuple[str, ...]], kinds: dict) -> str:
    """`field` is where the id is given last: of two that are the same, the one to change."""
    given = []
    for kind, fields in ids.items():
        for field in fields:
            table, column = _at("ids", field, kinds)
            positions = {name for name in ("position", "parent_position") if (table, name) in kinds}
            given.append(
                f"SELECT record_id, revision_id, '{kind}' AS kind, {template(numbered(field, positions))} AS field, "
                f"{len(given)} AS nth, s.position, {column} AS id FROM raw.{table} AS s WHERE {TO_DO}"
            )
    return (
        "SELECT record_id, revision_id, kind, id, count(*)::INTEGER AS n, arg_max(field, (nth, position)) AS field "
        f"FROM ({' UNION ALL '.join(given)}) WHERE id IS NOT NULL GROUP BY ALL"
    )


def _links(links: dict[str, str], kinds: dict) -> str:
    named = []
    for field, kind in links.items():
        table, column = _at("links", field, kinds)
        positions = {name for name in ("position", "parent_position") if (table, name) in kinds}
        value = f"unnest({column})" if kinds[table, column].endswith("[]") else column
        named.append(
            f"SELECT record_id, revision_id, '{kind}' AS kind, {template(numbered(field, positions))} AS field, "
            f"{value} AS named FROM raw.{table} AS s WHERE {TO_DO}"
        )
    return (
        "SELECT links.*, ids.id IS NOT NULL AS is_held "
        f"FROM ({' UNION ALL '.join(named)}) AS links "
        "LEFT JOIN ids ON ids.revision_id = links.revision_id AND ids.kind = links.kind AND ids.id = links.named "
        "WHERE named IS NOT NULL AND named NOT IN ('unknown', 'not_applicable', 'withheld')"
    )


def _ranges(sections: list[Table]) -> str:
    """One scan per table: what the contract calls `min` and `max` under one name is a range, in packs too."""
    held = []
    for section in sections:
        names = {column.keys: column.name for column in section.columns}
        pairs = []
        for keys, high in names.items():
            lowest = (*keys[:-1], re.sub(r"^max(?=_|$)", "min", keys[-1]))
            if lowest != keys and lowest in names:
                place = "[].".join([".".join(step) for step in section.steps] + [".".join(keys)])
                spoken = template(numbered(place, set(section.positions)))
                pairs.append(f"{{field: {spoken}, low: {names[lowest]}::DOUBLE, high: {high}::DOUBLE}}")
        if pairs:
            held.append(
                f"SELECT record_id, revision_id, unnest([{', '.join(pairs)}], recursive := true) "
                f"FROM raw.{section.name} AS s WHERE {TO_DO}"
            )
    return f"FROM ({' UNION ALL '.join(held)}) WHERE low IS NOT NULL AND high IS NOT NULL"


def _suspects(objected: str) -> str:
    # json_tree knows where a text stands but takes 4 ms a record of 200 texts (measured 2026-11-22, DuckDB 1.5.6);
    # `$..*` takes 0.2 ms and knows the text only. So the second looks first, and the first at what is left
    return (
        "SELECT revision_id, record FROM raw.revisions WHERE revision_id IN (SELECT s.revision_id FROM ("
        "SELECT revision_id, leaf->>'$' AS text FROM ("
        f"SELECT revision_id, unnest(json_extract(record, '$..*')) AS leaf FROM raw.revisions WHERE {TO_DO}) "
        f"WHERE starts_with(leaf::VARCHAR, '\"')) AS s {objected})"
    )


def _texts(objected: str) -> str:
    return (
        "SELECT records.record_id, revision_id, field, text FROM raw.records LEFT JOIN (SELECT s.* FROM ("
        "SELECT suspects.revision_id, leaf.fullkey[3:] AS field, leaf.atom->>'$' AS text "
        "FROM suspects, json_tree(suspects.record) AS leaf WHERE leaf.type = 'VARCHAR'"
        f") AS s {objected}) AS objected USING (revision_id) WHERE {TO_DO}"
    )
