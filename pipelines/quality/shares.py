"""Shares: of how many rows of a source how many failed, for every rule and for what `schemas/expectations.yml` counts.

One row per expectation, source and subject, so that Great Expectations judges some hundred numbers and not every record
again: counting is SQL's. Here: running the SQL and choosing thresholds. Not here: any rule, what becomes of a share
(verdicts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import duckdb

from pipelines.quality import drift
from pipelines.quality.suite import NEVER_NULL, Suite
from pipelines.quality.thresholds import CatalogueError, Threshold, choose

RECORDS_NAMED = 50
NEEDED_COLUMNS = {"source", "evaluated", "failed"}
COLUMNS = NEEDED_COLUMNS | {"subject", "needed", "at_best", "record_ids"}
TOGETHER = "small sources together"


@dataclass(frozen=True)
class Share:
    """One share and its threshold. `at_best` is what is judged: the share itself, or the highest the data still allow;
    None where nothing can be told."""

    expectation: str
    source: str | None
    subject: str | None
    evaluated: int
    failed: int
    needed: float
    at_best: float | None
    severity: str
    record_ids: tuple[str, ...]


def count(con: duckdb.DuckDBPyConnection, suite: Suite) -> list[Share]:
    """Every share of a suite, in its order; the tables of gate_tables.sql are there."""
    traits = {
        source: {"stage": stage, "provenance": provenance}
        for source, stage, provenance in con.execute("FROM traits").fetchall()
    }
    usual = {each.id: each.threshold for each in suite.expectations if not each.frame}
    order = {name: n for n, name in enumerate(usual)}
    found: list[Share] = []
    for row in sorted(_rows(con, suite), key=lambda row: (order[row["expectation"]], str(row["source"]))):
        name, source = row["expectation"], row["source"]
        limit = choose(name, usual[name], suite.overrides, source, traits.get(source, {}))
        found.append(_share(row, limit))
    return [*found, *_together(found, usual)]


def _share(row: dict, limit: Threshold) -> Share:
    evaluated, failed = row["evaluated"], row["failed"]
    share = (evaluated - failed) / evaluated if evaluated else None
    return Share(
        row["expectation"],
        row["source"],
        row.get("subject"),
        evaluated,
        failed,
        limit.needed if limit.is_given or row.get("needed") is None else row["needed"],
        share if row.get("at_best") is None else row["at_best"],
        limit.severity_of(evaluated),
        tuple(row.get("record_ids") or ()),
    )


def _together(found: list[Share], usual: dict[str, Threshold]) -> Iterator[Share]:
    """Sources too small to block alone, judged as one where they are many: ten feeds of nineteen broken records."""
    small = [
        share
        for share in found
        if share.subject is None
        and share.evaluated
        and share.evaluated < usual[share.expectation].at_least
        and share.needed == usual[share.expectation].needed
    ]
    for name, group in groupby(small, key=lambda share: share.expectation):
        pooled = list(group)
        evaluated, failed = sum(one.evaluated for one in pooled), sum(one.failed for one in pooled)
        if len(pooled) > 1 and evaluated >= usual[name].at_least:
            named = sorted({record for one in pooled for record in one.record_ids})[:RECORDS_NAMED]
            yield replace(
                pooled[0],
                source=None,
                subject=TOGETHER,
                evaluated=evaluated,
                failed=failed,
                at_best=(evaluated - failed) / evaluated,
                severity=usual[name].severity,
                record_ids=tuple(named),
            )


def _rows(con: duckdb.DuckDBPyConnection, suite: Suite) -> Iterator[dict]:
    yield from _of_rules(con, [rule.id for rule in suite.catalogue.rules])
    for name, sql in suite.shares.items():
        yield from _run(con, name, f"expectations.yml: share {name}", sql)
    if suite.never_null:
        yield from _nulls(con, suite.never_null)
    if suite.drift:
        drift.count(con, suite.drift)
        for fall in suite.drift.falls:
            sql = drift.shares(con, suite.drift, fall)
            yield from _run(con, fall.id, f"expectations.yml: drift: {fall.id}", sql)


def _run(con: duckdb.DuckDBPyConnection, expectation: str | None, where: str, sql: str) -> list[dict]:
    """The rows of a SELECT of shares, as the head of expectations.yml describes it."""
    try:
        answer = con.execute(sql)
    except duckdb.Error as error:
        raise CatalogueError(f"{where}: its SQL does not run: {error}") from error
    names = [column[0] for column in answer.description]
    if missing := sorted(NEEDED_COLUMNS - set(names)):
        raise CatalogueError(f"{where}: its SQL selects no `{missing[0]}`")
    if unknown := sorted(set(names) - COLUMNS):
        raise CatalogueError(f"{where}: nothing is known of the column `{unknown[0]}` its SQL selects")
    rows = (dict(zip(names, row, strict=True)) for row in answer.fetchall())
    return [{"expectation": expectation} | row for row in rows]


def _of_rules(con: duckdb.DuckDBPyConnection, rules: list[str]) -> Iterator[dict]:
    """One scan of the verdicts on what is held now: a rule that concerns no record of a source says nothing of it."""
    judged = "FROM (SELECT h.source, q.* FROM quality.record_quality AS q JOIN held_now AS h USING (revision_id))"
    counts = ", ".join(f"count({rule}), count(nullif({rule}, 0))" for rule in rules)
    rows = con.execute(f"SELECT source, {counts} {judged} GROUP BY source").fetchall()
    broken = [rule for n, rule in enumerate(rules) if any(row[2 * n + 2] for row in rows)]
    names = ", ".join(f"min(record_id, {RECORDS_NAMED}) FILTER ({rule} > 0)" for rule in broken)
    named = con.execute(f"SELECT source, {names} {judged} GROUP BY source").fetchall() if broken else []
    ids = {(source, rule): found for source, *lists in named for rule, found in zip(broken, lists, strict=True)}
    for source, *numbers in rows:
        for rule, evaluated, failed in zip(rules, numbers[::2], numbers[1::2], strict=True):
            if evaluated:
                row = {"expectation": rule, "source": source, "evaluated": evaluated, "failed": failed}
                yield row | {"record_ids": ids.get((source, rule))}


def _nulls(con: duckdb.DuckDBPyConnection, never_null: dict[str, list[str]]) -> Iterator[dict]:
    """The rows of each raw table by source, and those without a value; rows without a source have their revision's.

    A column is asked for its nulls alone: that is answered from what DuckDB notes of its blocks, and to count the texts
    of a million records read them all.
    """
    columns = set(con.execute("SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns()").fetchall())
    for table, names in never_null.items():
        if missing := [name for name in names if (table, name) not in columns]:
            raise CatalogueError(f"expectations.yml: {NEVER_NULL}: {table} has no column {missing[0]}")
        join = "" if (table, "source") in columns else "LEFT JOIN raw.revisions AS v ON v.revision_id = t.revision_id"
        rows = f"{'v' if join else 't'}.source AS source, count(*) FROM {table} AS t {join}"
        nulls = " UNION ALL ".join(f"SELECT '{name}', {rows} WHERE t.\"{name}\" IS NULL GROUP BY ALL" for name in names)
        failed = {(name, source): n for name, source, n in con.execute(nulls).fetchall()}
        for source, n in con.execute(f"SELECT {rows} GROUP BY ALL").fetchall():
            for name in names:
                about = {"expectation": NEVER_NULL, "source": source, "subject": f"{table}.{name}"}
                yield about | {"evaluated": n, "failed": failed.get((name, source), 0)}
