"""Foreign documents to records: one SQL file of the user's, run by DuckDB over what a reader gave.

Here: running a mapping. Not here: the tables and macros its SQL sees (mapping_tables.py, macros/), what becomes of its
rows (mapping_rows.py), or anything of one source, which is its SQL file's.

One bad document must not cost the others theirs: when the query raises, it is run again on halves of the documents
until those that raise stand alone. A mapping that fails without any document is a mistake in the mapping itself.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest import mapping_tables as tables
from pipelines.ingest.faults import Fault
from pipelines.ingest.mapping_rows import Mapped, settle
from pipelines.ingest.mapping_tables import MappingError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = {"id", "record", "path", "line"}
PROBES = 12  # 2026-11-22: about a tenth of a second each


def map_documents(
    mapping: Path, lookups: dict[str, Path], documents: list[dict], blocks: list[dict]
) -> tuple[list[Mapped], list[tuple[str, Fault]]]:
    """Every record the mapping makes of the documents, and a Fault with its path for each that gave none."""
    import duckdb

    sealed = {"threads": 2, "enable_external_access": False}
    with duckdb.connect(":memory:", config=sealed) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        tables.install(connection)
        for name, path in lookups.items():
            tables.load_lookup(connection, name, path)
        connection.execute("SET lock_configuration = true")
        query = _Query(connection, mapping)
        tables.fill(connection, documents, blocks)
        rows, faults = query.rows([document["path"] for document in documents])
    return settle(mapping, [document["path"] for document in documents], rows, faults)


class _Query:
    """A mapping's SELECT, known to bind, ready to run over any of the documents."""

    def __init__(self, connection: DuckDBPyConnection, mapping: Path) -> None:
        import duckdb

        self.connection, self.mapping = connection, mapping
        try:
            written = mapping.read_text(encoding="utf-8")
            statements = duckdb.extract_statements(written)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise MappingError(
                    f"{mapping}:1: a mapping is one SELECT; this file holds {len(statements)} statements"
                )
            connection.execute("CREATE VIEW _mapped AS " + written)
            self._check({name: kind for name, kind, *_ in connection.execute("DESCRIBE _mapped").fetchall()})
            self.sql = self._as_texts()
            connection.execute(self.sql)
        except (OSError, UnicodeDecodeError) as error:
            raise MappingError(f"{mapping}: cannot be read: {error}") from error
        except duckdb.Error as error:
            line = re.search(r"^LINE (\d+):", str(error), re.MULTILINE)
            raise MappingError(f"{mapping}:{line[1] if line else 1}: {str(error).splitlines()[0]}") from error

    def _check(self, columns: dict[str, str]) -> None:
        missing, unknown = {"id", "record"} - columns.keys(), columns.keys() - COLUMNS
        if missing or unknown:
            named = ", ".join(sorted(missing or unknown))
            problem = f"has no column {named}" if missing else f"has columns nobody reads: {named}"
            raise MappingError(
                f"{self.mapping}:1: the SELECT {problem}; it gives id, record and, if it likes, path, line"
            )
        self.columns = columns

    def _as_texts(self) -> str:
        record = "record::VARCHAR" if self.columns["record"] in ("JSON", "VARCHAR") else "to_json(record)::VARCHAR"
        path = "path::VARCHAR" if "path" in self.columns else "NULL"
        line = "line::INTEGER" if "line" in self.columns else "NULL"
        return f"SELECT id::VARCHAR, {record}, {path}, {line} FROM _mapped"

    def rows(self, paths: list[str]) -> tuple[list[tuple], list[tuple[str, Fault]]]:
        """Rows of id, record text, path, line, and a Fault for each document on which the query raises."""
        self.connection.execute(f"PREPARE mapped AS {self.sql}")
        if "path" in self.columns:
            try:
                return self._run(paths), []
            except _bad_data():
                self._refuse_if_hopeless(paths)
        return self._run_apart(paths)

    def _run(self, paths: list[str]) -> list[tuple]:
        tables.choose(self.connection, paths)
        rows = self.connection.execute("EXECUTE mapped").fetchall()
        return rows if "path" in self.columns else [(*row[:2], paths[0], row[3]) for row in rows]

    def _run_apart(self, paths: list[str]) -> tuple[list[tuple], list[tuple[str, Fault]]]:
        """Halves of halves, down to single documents. Without a `path` column each document is asked alone at once."""
        alone = len(paths) == 1
        if alone or (paths and "path" in self.columns):
            try:
                return self._run(paths), []
            except _bad_data() as error:
                if alone:
                    fix = f"mend what the message names in the document, or let {self.mapping.name} read it"
                    return [], [(paths[0], Fault("PM052", f"the mapping fails on it: {_first_line(error)}", fix))]
        half = len(paths) // 2
        parts = [self._run_apart(part) for part in (paths[:half], paths[half:]) if part]
        return [row for rows, _ in parts for row in rows], [fault for _, faults in parts for fault in faults]

    def _refuse_if_hopeless(self, paths: list[str]) -> None:
        """A mapping that fails on document after document is wrong itself; asking for each would take minutes."""
        tried = paths[:: len(paths) // PROBES] if len(paths) > PROBES else []
        for path in tried:
            try:
                self._run([path])
            except _bad_data() as error:
                message = _first_line(error)
            else:
                return
        if tried:
            raise MappingError(f"{self.mapping}:1: fails on each of {len(tried)} documents tried: {message}")


def _bad_data() -> tuple[type[Exception], ...]:
    """What DuckDB raises because of a value. Anything else (no memory, an internal error) stops the run."""
    import duckdb

    return duckdb.DataError, duckdb.InvalidInputException


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
