"""What "the same warehouse" means: the content hash of each table, over its sorted rows.

Here: the hash, without the columns that only say when and in which generation something arrived, and without the tables
that speak of runs: what one delivery looked like to the gate differs between a warehouse built at once and one built in
ten runs. Not here: file hashes (generations.py); two builds of equal data differ as files.
"""

from __future__ import annotations

import hashlib

import duckdb

SCHEMAS = ("raw", "quality", "marts", "analysis")
ARRIVAL = ("received_at", "known_at", "known_from", "known_to", "generation", "as_of", "recipe")
ABOUT_RUNS = (
    "raw.due_records",
    "quality.results",
    "quality.history",
    "quality.completeness_history",
    "quality.row_history",
    # what people call lines follows a file of settings and no record
    "raw.fault_line_names",
    "raw.exposures",
    "analysis.fault_line_names",
)


def hashes(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The content hash of every table, by name."""
    columns: dict[str, list[str]] = {}
    for schema, table, column in con.execute(
        "SELECT schema_name, table_name, column_name "
        "FROM duckdb_columns() JOIN duckdb_tables() USING (schema_name, table_name) "
        "WHERE schema_name IN ? ORDER BY schema_name, table_name, column_name",
        [SCHEMAS],
    ).fetchall():
        if f"{schema}.{table}" not in ABOUT_RUNS:
            columns.setdefault(f'{schema}."{table}"', []).append(column)
    return {table: _hash(con, table, [c for c in names if c not in ARRIVAL]) for table, names in columns.items()}


def overall(con: duckdb.DuckDBPyConnection) -> str:
    """One hash over every table's."""
    return hashlib.sha256("\n".join(f"{table} {digest}" for table, digest in hashes(con).items()).encode()).hexdigest()


def _hash(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    if not columns:
        return "nothing but arrival"
    row = "to_json({" + ", ".join(f'"{column}": "{column}"' for column in columns) + "})::VARCHAR"
    return con.execute(
        f"SELECT sha256(coalesce(string_agg(h, '' ORDER BY h), '')) FROM (SELECT sha256({row}) AS h FROM {table})"
    ).fetchone()[0]
