"""The rules at work: the catalogue compiled to a handful of set-based statements over the raw tables.

Fills quality.rules (the catalogue), quality.record_quality (one row per revision, one column per rule: NULL where the
rule does not apply, 0 where it passes, else how often it is broken) and quality.findings (one row per broken rule and
row). Here: SQL around predicates. Not here: any rule. Works on any open connection that holds the raw tables, so that
the same rules can run in memory, without a store.

Predicates see: s, the row of the rule's section (a raw table, or ids, links, texts of sections.py); r, its raw.records
row; v, its raw.revisions row; w.fields, its fields that hold a word instead of a value; clock.as_of.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from pipelines.privacy.shapes import FILE as SHAPES
from pipelines.privacy.shapes import shapes
from pipelines.quality import blameless, rule_sql, sections
from pipelines.quality.rules import Catalogue, CatalogueError, Rule
from pipelines.warehouse import insert

SLICE = 50_000  # revisions judged at once: 0.3 GB; a million at once took 6.6 GB (2026-11-25)
MACROS = Path(__file__).with_name("rule_macros.sql")
TEXTS = ("rule", "title", "severity", "concern", "stage", "section", "field", "reason", "fix")
RULES = dict.fromkeys(TEXTS, "VARCHAR") | {
    "sets_aside": "VARCHAR[]", "needed": "DOUBLE", "gate_severity": "VARCHAR",
}  # fmt: skip
FINDINGS = (
    "rule VARCHAR, severity VARCHAR, record_id VARCHAR, revision_id VARCHAR, position INTEGER, field VARCHAR, "
    "message VARCHAR"
)


def apply(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, only_new: bool = False) -> None:
    """Judge every revision, or with `only_new` the revisions of records that have one not judged yet.

    A record is judged whole, because a new revision can make an older one a conflict; rules that depend on the clock or
    on other records are judged for all. A catalogue other than the last one judged with means everything anew.
    """
    mark = fingerprint(catalogue)
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    con.execute(MACROS.read_text(encoding="utf-8"))
    con.execute(blameless.macros(catalogue.wordings))
    private = shapes()
    con.execute(rule_sql.private_macros(private.in_sql(is_address=True), private.in_sql(is_address=False)))
    only_new = only_new and _last_mark(con) == mark
    _write_catalogue(con, catalogue)
    if only_new:
        _judge_new(con, catalogue)
    else:
        _judge_all(con, catalogue)
    con.execute(f"COMMENT ON TABLE quality.record_quality IS '{mark}'")


def fingerprint(catalogue: Catalogue) -> str:
    """Changes when a rule, a macro or this code does: what was judged before is then stale."""
    modules = (blameless.__file__, __file__, sections.__file__, rule_sql.__file__)
    code = b"".join(Path(path).read_bytes() for path in (MACROS, SHAPES, blameless.FILE, *modules))
    return hashlib.sha256(repr(catalogue).encode() + code).hexdigest()


def _last_mark(con: duckdb.DuckDBPyConnection) -> str | None:
    found = con.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = 'quality' AND table_name = 'record_quality'"
    ).fetchone()
    return found and found[0]


def _judge_all(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    verdicts = ", ".join(f"{rule.id} INTEGER" for rule in catalogue.rules)
    con.execute(
        f"CREATE OR REPLACE TABLE quality.record_quality (record_id VARCHAR, revision_id VARCHAR, {verdicts});"
        f"CREATE OR REPLACE TABLE quality.findings ({FINDINGS})"
    )
    _judge(con, catalogue, "raw.revisions")


def _judge_new(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    rules = catalogue.rules
    con.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT record_id FROM raw.revisions "
        "ANTI JOIN quality.record_quality USING (revision_id)"
    )
    for table in ("record_quality", "findings"):
        con.execute(
            f"DELETE FROM quality.{table} WHERE record_id IN (FROM touched) "
            "OR revision_id NOT IN (SELECT revision_id FROM raw.revisions)"
        )
    _judge(con, catalogue, "raw.revisions WHERE record_id IN (FROM touched)")
    unsteady = tuple(rule for rule in rules if rule.depends_on)
    if unsteady:
        _judge_again(con, catalogue, unsteady)


def _judge(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, which: str) -> None:
    """Verdicts and findings of these revisions, a slice at a time."""
    rules = catalogue.rules
    con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS SELECT record_id, revision_id FROM {which}")
    (n,) = con.execute("SELECT count(*) FROM judged").fetchone()
    for first in range(0, max(n, 1), SLICE):  # with nothing to judge too: a rule that cannot run is named
        _prepare(con, catalogue, rules, f"judged WHERE rowid >= {first} AND rowid < {first + SLICE}")
        _run(con, rules, f"INSERT INTO quality.record_quality BY NAME {rule_sql.verdicts(rules)}")
        _find(con, rules)


def _judge_again(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: tuple[Rule, ...]) -> None:
    """Rules that look beyond the record, over everything: yesterday's verdict may not hold today.

    Only a verdict that turned is written (to write a million took as long as to judge them); a record whose findings
    turned is due in the models.
    """
    _prepare(con, catalogue, rules, _concerned(rules))
    columns = ", ".join(f"{rule.id} = again.{rule.id}" for rule in rules)
    verdicts = ", ".join(rule.id for rule in rules)
    names = ", ".join(f"'{rule.id}'" for rule in rules)
    _run(
        con,
        rules,
        f"CREATE OR REPLACE TEMP TABLE again AS FROM ({rule_sql.verdicts(rules)}) "
        f"EXCEPT SELECT record_id, revision_id, {verdicts} FROM quality.record_quality",
    )
    con.execute(
        f"UPDATE quality.record_quality AS q SET {columns} FROM again WHERE q.revision_id = again.revision_id;"
        f"CREATE OR REPLACE TEMP TABLE said AS FROM quality.findings WHERE rule IN ({names});"
        f"DELETE FROM quality.findings WHERE rule IN ({names})"
    )
    _find(con, rules)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE says AS FROM quality.findings WHERE rule IN ({names});"
        "INSERT INTO raw.due_records SELECT DISTINCT record_id FROM "
        "((FROM said EXCEPT ALL FROM says) UNION ALL (FROM says EXCEPT ALL FROM said)) "
        "WHERE record_id NOT IN (FROM raw.due_records) ORDER BY record_id"
    )


def _concerned(rules: tuple[Rule, ...]) -> str:
    """The revisions that have rows in the rules' sections: the verdict on any other is NULL and stays so."""
    named = {rule.section for rule in rules}
    if named & set(sections.VIRTUAL):
        return "raw.revisions"
    rows = " UNION ".join(f"SELECT record_id, revision_id FROM raw.{section}" for section in sorted(named))
    return f"({rows})"


def _prepare(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: tuple[Rule, ...], which: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE todo AS SELECT record_id, revision_id FROM {which}")
    on_texts = rule_sql.joins([rule for rule in rules if rule.section == "texts"])
    try:
        sections.prepare(con, catalogue, rules, on_texts)
    except duckdb.Error as error:
        raise _blame(con, rules, error) from error


def _run(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], statement: str) -> None:
    try:
        con.execute(statement)
    except duckdb.Error as error:
        raise _blame(con, rules, error) from error


def _find(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    """The findings of rules that were broken at all; most never are."""
    totals = ", ".join(f"coalesce(sum({rule.id}), 0)" for rule in rules)
    broken = con.execute(f"SELECT {totals} FROM quality.record_quality SEMI JOIN todo USING (revision_id)").fetchone()
    found = [
        rule_sql.finding(rule, sections.columns_of(con, rule.section))
        for rule, n in zip(rules, broken, strict=True)
        if n
    ]
    if found:
        statement = f"INSERT INTO quality.findings {' UNION ALL '.join(found)} ORDER BY ALL"
        _run(con, rules, statement)


def _blame(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], error: duckdb.Error) -> Exception:
    """The same error, naming the rule whose SQL the database did not understand."""
    con.execute(
        "CREATE TEMP TABLE IF NOT EXISTS texts (record_id VARCHAR, revision_id VARCHAR, field VARCHAR, text VARCHAR)"
    )
    for rule in rules:
        try:
            con.execute(f"EXPLAIN {rule_sql.section(rule.section, [rule])}")
            con.execute(f"EXPLAIN {rule_sql.finding(rule, sections.columns_of(con, rule.section))}")
        except duckdb.Error as reason:
            return CatalogueError(f"rules.yml: rule {rule.id}: its SQL does not run: {reason}")
    return error


def _write_catalogue(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """quality.rules: models ask it which measures a finding sets aside, pages which words to use."""
    shape = ", ".join(f"{name} {kind}" for name, kind in RULES.items())
    con.execute(f"CREATE OR REPLACE TABLE quality.rules ({shape})")
    rows = [
        {"rule": r.id, "title": r.title, "severity": r.severity, "concern": r.concern, "stage": r.stage,
         "section": r.section, "field": r.field, "reason": r.reason, "fix": r.fix, "sets_aside": list(r.sets_aside),
         "needed": r.threshold.needed, "gate_severity": r.threshold.severity}
        for r in catalogue.rules
    ]  # fmt: skip
    insert(con, "quality.rules", RULES, rows)
