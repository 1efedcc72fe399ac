"""A mapping's SELECT over the units that are in the tables, so that one bad unit costs only itself.

Here: running it. Not here: the tables (documents.py, rows.py), what becomes of its rows (records.py), or anything of
one source, which is its SQL file's.

When the query raises, it is run again on halves of the units until those that raise stand alone. A mapping that fails
without any unit is a mistake in the mapping itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.ingest.faults import Fault
from pipelines.ingest.mapping.records import Mapped, settle
from pipelines.ingest.mapping.tables import Batch, MappingError, Numbered
from pipelines.privacy.cleaning import blank
from pipelines.settings import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = {"id", "record", "path", "item", "line"}
PROBES = 12  # 2026-11-22: about a tenth of a second each
Row = tuple[str | None, str | None, str | None, int | None, int | None]


class Query:
    """A mapping's SELECT, known to bind, ready to run over any units of a batch; `units` is the table they are in."""

    def __init__(self, connection: DuckDBPyConnection, source: Source, units: str) -> None:
        import duckdb

        self.connection, self.source, self.mapping, self.units = connection, source, source.mapping, units
        mapping = self.mapping
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
                f"{self.mapping}:1: the SELECT {problem}; it gives id, record and, if it likes, path, item, line"
            )
        self.columns = columns

    def _as_texts(self) -> str:
        record = "record::VARCHAR" if self.columns["record"] in ("JSON", "VARCHAR") else "to_json(record)::VARCHAR"
        path = "path::VARCHAR" if "path" in self.columns else "NULL"
        item, line = (f"{name}::INTEGER" if name in self.columns else "NULL" for name in ("item", "line"))
        return f"SELECT id::VARCHAR, {record}, {path}, {item}, {line} FROM _mapped"

    def over(self, batch: Batch) -> Iterator[tuple[str, Mapped | Fault]]:
        """What the mapping makes of a batch: records and Faults, in the order of the units."""
        rows, faults = self._rows(batch.units)
        are_rows = self.source.reader in ("csv", "parquet") and not self.source.group_by
        return settle(self.mapping, batch.units, rows, faults, are_rows)

    def left_out(self, batch: Batch) -> tuple[set[int], list[tuple[Numbered, Fault]]]:
        """The numbers of the units that the source's `skip` says are no post-mortems, and those it fails on."""
        if not self.source.skip:
            return set(), []
        import duckdb

        try:
            return self._left_out(batch.units, is_first=True)
        except duckdb.Error as error:
            raise MappingError(f"source {self.source.name}: `skip`: {blank(_first_line(error))}") from error

    def _left_out(self, units: list[Numbered], is_first: bool = False) -> tuple[set[int], list[tuple[Numbered, Fault]]]:
        try:
            return self._skipped(units), []
        except _bad_data() as error:
            if len(units) == 1:
                message = f"the `skip` of its source fails on it: {_first_line(error)}"
                fix = "mend what the message names, or let `skip` read it (TRY_CAST)"
                return set(), [(units[0], Fault("PM052", message, fix, units[0].line))]
            if is_first and all(self._left_out([unit])[1] for unit in units[:: 1 + len(units) // PROBES]):
                raise
        half = len(units) // 2
        before, behind = self._left_out(units[:half]), self._left_out(units[half:])
        return before[0] | behind[0], before[1] + behind[1]

    def _skipped(self, units: list[Numbered]) -> set[int]:
        self._choose(units)
        return {number for number, is_left_out in self.connection.execute(self._skip).fetchall() if is_left_out}

    @cached_property
    def _skip(self) -> str:
        import duckdb

        # no part of WHERE, which DuckDB may ask of rows that are not chosen; the line break ends a comment
        sql = f"SELECT _unit, ({self.source.skip}\n)::BOOLEAN FROM {self.units} WHERE _unit IN (FROM _chosen)"
        if len(duckdb.extract_statements(sql)) != 1 or len(self.connection.execute("DESCRIBE " + sql).fetchall()) != 2:
            raise MappingError(f"source {self.source.name}: `skip` is one condition, without `;`")
        return sql

    def _rows(self, units: list[Numbered]) -> tuple[list[Row], list[tuple[Numbered, Fault]]]:
        if "path" in self.columns:
            try:
                return self._run(units), []
            except _bad_data():
                self._refuse_if_hopeless(units)
        return self._run_apart(units)

    def _run(self, units: list[Numbered]) -> list[Row]:
        self._choose(units)
        # planned anew each time: a statement prepared over one batch holds that other units give nothing (DuckDB 1.5.6)
        rows = self.connection.execute(self.sql).fetchall()
        return (
            rows if "path" in self.columns else [(*row[:2], units[0].path, units[0].items[0], row[4]) for row in rows]
        )

    def _choose(self, units: list[Numbered]) -> None:
        numbers = ", ".join(f"({unit.number})" for unit in units)
        self.connection.execute("DELETE FROM _chosen" + (f"; INSERT INTO _chosen VALUES {numbers}" if units else ""))

    def _run_apart(self, units: list[Numbered]) -> tuple[list[Row], list[tuple[Numbered, Fault]]]:
        """Halves of halves, down to single units. Without a `path` column each unit is asked alone at once."""
        alone = len(units) == 1
        if alone or (units and "path" in self.columns):
            try:
                return self._run(units), []
            except _bad_data() as error:
                if alone:
                    fix = f"mend what the message names, or let {self.mapping.name} read it"
                    message = f"the mapping fails on it: {_first_line(error)}"
                    return [], [(units[0], Fault("PM052", message, fix, units[0].line))]
        half = len(units) // 2
        parts = [self._run_apart(part) for part in (units[:half], units[half:]) if part]
        return [row for rows, _ in parts for row in rows], [fault for _, faults in parts for fault in faults]

    def _refuse_if_hopeless(self, units: list[Numbered]) -> None:
        """A mapping that fails on document after document is wrong itself; asking for each would take minutes."""
        tried = units[:: len(units) // PROBES] if len(units) > PROBES else []
        for unit in tried:
            try:
                self._run([unit])
            except _bad_data() as error:
                message = _first_line(error)
            else:
                return
        if tried:
            raise MappingError(f"{self.mapping}:1: fails on each of {len(tried)} documents tried: {blank(message)}")


def _bad_data() -> tuple[type[Exception], ...]:
    """What DuckDB raises because of a value, or of more of them than fit its memory. Anything else stops the run."""
    import duckdb

    return duckdb.DataError, duckdb.InvalidInputException, duckdb.OutOfMemoryException


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
