"""The rules at work: the catalogue compiled to a handful of set-based statements over the raw tables.

Fills quality.rules (the catalogue), quality.record_quality (one row per revision, one column per rule: NULL where the
rule does not apply, 0 where it passes, else how often it is broken) and quality.findings (one row per broken rule and
row). Here: SQL around predicates. Not here: any rule. Works on any open connection that holds the raw tables, so that
`faultlines check` runs the same rules in memory.

Predicates see: s, the row of the rule's section (a raw table, or ids, links, texts of sections.py); r, its raw.records
row; v, its raw.revisions row; clock.as_of.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import duckdb

from pipelines.quality.rules import Catalogue, CatalogueError, Rule
from pipelines.quality.sections import VIRTUAL, columns_of, numbered, prepare, template

MACROS = Path(__file__).with_name("rule_macros.sql")
JOINS = {
    "r": "JOIN raw.records AS r ON r.revision_id = s.revision_id",
    "v": "JOIN raw.revisions AS v ON v.revision_id = s.revision_id",
    "clock": "CROSS JOIN raw.as_of AS clock",
}
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
    con.execute(_wording_macros(catalogue.wordings))
    only_new = only_new and _last_mark(con) == mark
    _write_catalogue(con, catalogue)
    if not only_new:
        con.execute("DROP TABLE IF EXISTS quality.record_quality")
        con.execute(f"CREATE OR REPLACE TABLE quality.findings ({FINDINGS})")
    _judge(con, catalogue, catalogue.rules, only_new)
    timely = tuple(rule for rule in catalogue.rules if only_new and rule.depends_on)
    if timely:
        _judge_again(con, catalogue, timely)
    con.execute(f"COMMENT ON TABLE quality.record_quality IS '{mark}'")


def fingerprint(catalogue: Catalogue) -> str:
    """Changes when a rule or a macro does: what was judged before is then stale."""
    return hashlib.sha256(repr(catalogue).encode() + MACROS.read_bytes()).hexdigest()


def _last_mark(con: duckdb.DuckDBPyConnection) -> str | None:
    found = con.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = 'quality' AND table_name = 'record_quality'"
    ).fetchone()
    return found and found[0]


def _judge(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: tuple[Rule, ...], only_new: bool) -> None:
    """Fill both tables for the revisions to do."""
    touched = "SELECT record_id FROM raw.revisions ANTI JOIN quality.record_quality USING (revision_id)"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE todo AS SELECT record_id, revision_id FROM raw.revisions"
        + (f" WHERE record_id IN ({touched})" if only_new else "")
    )
    prepare(con, catalogue, rules, _joins([rule for rule in rules if rule.section == "texts"]))
    verdicts = _verdicts(rules)
    try:
        if only_new:
            for table in ("record_quality", "findings"):
                con.execute(f"DELETE FROM quality.{table} WHERE revision_id IN (SELECT revision_id FROM todo)")
            con.execute(f"INSERT INTO quality.record_quality BY NAME {verdicts}")
        else:
            con.execute(f"CREATE TABLE quality.record_quality AS {verdicts}")
        _find(con, rules)
    except duckdb.Error as error:
        raise _blame(con, rules, error) from error


def _judge_again(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: tuple[Rule, ...]) -> None:
    """Rules that look beyond the record, over everything: yesterday's verdict may not hold today."""
    con.execute("CREATE OR REPLACE TEMP TABLE todo AS SELECT record_id, revision_id FROM raw.revisions")
    prepare(con, catalogue, rules, _joins([rule for rule in rules if rule.section == "texts"]))
    columns = ", ".join(f"{rule.id} = again.{rule.id}" for rule in rules)
    names = ", ".join(f"'{rule.id}'" for rule in rules)
    con.execute(
        f"UPDATE quality.record_quality AS q SET {columns} FROM ({_verdicts(rules)}) AS again "
        "WHERE q.revision_id = again.revision_id"
    )
    con.execute(f"DELETE FROM quality.findings WHERE rule IN ({names})")
    _find(con, rules)


def _verdicts(rules: tuple[Rule, ...]) -> str:
    """SELECT of quality.record_quality: one scan per section, however many rules it has."""
    sections = sorted({rule.section for rule in rules})
    columns = ", ".join(f"{rule.section}.{rule.id}" for rule in rules)
    joins = " ".join(
        f"LEFT JOIN ({_section(name, [r for r in rules if r.section == name])}) AS {name} USING (revision_id)"
        for name in sections
    )
    return f"SELECT todo.record_id, todo.revision_id, {columns} FROM todo {joins} ORDER BY record_id, revision_id"


def _section(name: str, rules: list[Rule]) -> str:
    judged = ", ".join(
        f"coalesce({rule.applies}, false) AS a_{rule.id}, coalesce({rule.violates}, false) AS v_{rule.id}" for rule in rules
    )
    counts = ", ".join(
        f"CASE WHEN bool_or(a_{rule.id}) THEN count(*) FILTER (a_{rule.id} AND v_{rule.id})::INTEGER END AS {rule.id}"
        for rule in rules
    )
    rows = f"SELECT s.revision_id, {judged} {_rows(name, rules)}"
    return f"SELECT revision_id, {counts} FROM ({rows}) GROUP BY revision_id"


def _rows(section: str, rules: list[Rule]) -> str:
    table = section if section in VIRTUAL else f"raw.{section}"
    joins = " ".join(_joins(rules).values())
    return f"FROM {table} AS s {joins} WHERE s.revision_id IN (SELECT revision_id FROM todo)"


def _joins(rules: list[Rule]) -> dict[str, str]:
    used = " ".join(f"{rule.applies} {rule.violates} {rule.message} {rule.field}" for rule in rules)
    return {alias: join for alias, join in JOINS.items() if re.search(rf"\b{alias}\.", used)}


def _find(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    """The findings of rules that were broken at all; most never are."""
    totals = ", ".join(f"coalesce(sum({rule.id}), 0)" for rule in rules)
    broken = con.execute(f"SELECT {totals} FROM quality.record_quality SEMI JOIN todo USING (revision_id)").fetchone()
    found = [_finding(con, rule) for rule, n in zip(rules, broken, strict=True) if n]
    if found:
        con.execute(
            f"INSERT INTO quality.findings {' UNION ALL '.join(found)} "
            "ORDER BY rule, record_id, revision_id, position, field, message"
        )


def _finding(con: duckdb.DuckDBPyConnection, rule: Rule) -> str:
    columns = columns_of(con, rule.section)
    position = "s.position" if "position" in columns else "NULL::INTEGER"
    return (
        f"SELECT '{rule.id}' AS rule, '{rule.severity}' AS severity, s.record_id, s.revision_id, "
        f"{position} AS position, {template(numbered(rule.field, columns))} AS field, "
        f"{template(rule.message)} AS message {_rows(rule.section, [rule])} AND ({rule.applies}) AND ({rule.violates})"
    )


def _blame(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], error: duckdb.Error) -> Exception:
    """Which rule the database did not understand."""
    for rule in rules:
        try:
            con.execute(f"EXPLAIN {_section(rule.section, [rule])}")
            con.execute(f"EXPLAIN {_finding(con, rule)}")
        except duckdb.Error as reason:
            return CatalogueError(f"rule {rule.id}: its SQL does not run: {reason}")
    return error


def _wording_macros(wordings: dict[str, str]) -> str:
    """blame_in(text) finds the first word that blames, neutral_for(word) its neutral wording."""
    quoted = {key: "'" + value.replace("'", "''") + "'" for key, value in wordings.items()}
    branches = " ".join(f"WHEN '{word}' THEN {neutral}" for word, neutral in quoted.items())
    pattern = "|".join(sorted(wordings, key=len, reverse=True)).replace("'", "''").replace(" ", r"[\s-]+")
    return (
        rf"CREATE OR REPLACE TEMP MACRO blame_in(t) AS regexp_extract(lower(t), '\b({pattern})\b', 1);"
        r"CREATE OR REPLACE TEMP MACRO neutral_for(word) AS "
        rf"CASE regexp_replace(word, '[\s-]+', ' ', 'g') {branches} END"
    )


def _write_catalogue(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """quality.rules: models ask it which measures a finding sets aside, pages which words to use."""
    con.execute(
        "CREATE OR REPLACE TABLE quality.rules (rule VARCHAR, title VARCHAR, severity VARCHAR, concern VARCHAR, "
        "section VARCHAR, field VARCHAR, reason VARCHAR, fix VARCHAR, sets_aside VARCHAR[], needed DOUBLE, "
        "gate_severity VARCHAR)"
    )
    rows = [
        [r.id, r.title, r.severity, r.concern, r.section, r.field, r.reason, r.fix, list(r.sets_aside),
         r.threshold.needed, r.threshold.severity]
        for r in catalogue.rules
    ]  # fmt: skip
    marks = ", ".join("(" + ", ".join("?" * len(row)) + ")" for row in rows)
    con.execute(f"INSERT INTO quality.rules VALUES {marks}", [value for row in rows for value in row])
