"""Which fields of a record hold a value and which say why they hold none, by SQL alone: for plain DuckDB.

Here: the statements that fill raw.presence and raw.field_states, of which the mart of completeness is made, from the
batch of parsed records. Not here: the section tables (the contract's own SQL), any field by name. It differs from the
product in one thing: an empty list is nothing.
"""

from __future__ import annotations

from pipelines.contract.tables import Table
from pipelines.ingest import leaves
from pipelines.ingest.times import STATES

WORDS = ", ".join(f"'{word}'" for word in sorted(STATES))


def statements(tables: list[Table]) -> str:
    """`noted`: a row per record or item with the numbers of its fields, those of a state below zero; then the two."""
    return f"""
        CREATE OR REPLACE TEMP TABLE noted AS
        SELECT record_id, revision_id, list_distinct(flatten(list(ids))) AS ids
        FROM ({" UNION ALL ".join(map(_noted, tables))}) GROUP BY ALL;
        INSERT INTO raw.presence SELECT record_id, revision_id,
          list_transform(list_sort(list_filter(ids, lambda n: n > 0)), lambda n: n::UINTEGER) FROM noted;
        INSERT INTO raw.field_states
        SELECT record_id, revision_id, field, states[(-n % 4)::INTEGER + 1]
        FROM (SELECT record_id, revision_id, unnest(list_filter(ids, lambda n: n < 0)) AS n,
                [{WORDS}] AS states FROM noted)
        JOIN raw.fields ON field_id = (-n) // 4;
    """


def path_of(table: Table, keys: tuple[str, ...]) -> str:
    """The path of a field, as the contract's plan names it: `actions[].verifications[].due_on`."""
    return "".join(".".join(step) + "[]." for step in table.steps) + ".".join(keys)


def _noted(table: Table) -> str:
    rows = "SELECT record_id, revision_id, r AS e FROM batch"
    if table.domain:
        rows += f" WHERE r.domain = '{table.domain}'"
    for keys in table.steps:
        rows = f"SELECT record_id, revision_id, unnest({_value(keys)}) AS e FROM ({rows})"
    numbers = [_number(column.kind, _value(column.keys), path_of(table, column.keys)) for column in table.columns]
    if table.steps:
        numbers.append(str(leaves.number(path_of(table, ()).removesuffix("[]."))))
    listed = ", ".join(numbers)
    ids = f"list_filter([{listed}]::BIGINT[], lambda n: n IS NOT NULL)"
    return f"SELECT record_id, revision_id, {ids} AS ids FROM ({rows})"


def _number(kind: str, value: str, path: str) -> str:
    field_id = leaves.number(path)
    if kind == "words":
        numbers = (field_id, leaves.number(path + "[]"))
        return ", ".join(f"CASE WHEN len({value}) > 0 THEN {number} END" for number in numbers)
    states = " ".join(f"WHEN '{word}' THEN -{4 * field_id + n}" for n, word in enumerate(sorted(STATES)))
    return f"CASE {value} {states} WHEN '' THEN NULL ELSE CASE WHEN {value} IS NOT NULL THEN {field_id} END END"


def _value(keys: tuple[str, ...]) -> str:
    return "e" + "".join(f'."{key}"' for key in keys)
