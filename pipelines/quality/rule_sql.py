"""Rules as SQL text: one scan per section for the verdicts, one SELECT per broken rule for the findings.

Here: text only. Not here: any connection, and any rule by name.
"""

from __future__ import annotations

import re

from pipelines.quality.rules import Rule
from pipelines.quality.sections import TO_DO, VIRTUAL, numbered, template

JOINS = {
    "r": "JOIN raw.records AS r ON r.revision_id = s.revision_id",
    "v": "JOIN raw.revisions AS v ON v.revision_id = s.revision_id",
    "clock": "CROSS JOIN raw.as_of AS clock",
    "w": "LEFT JOIN away AS w ON w.revision_id = s.revision_id",
}


def verdicts(rules: tuple[Rule, ...]) -> str:
    """SELECT of quality.record_quality for the revisions in `todo`."""
    names = sorted({rule.section for rule in rules})
    columns = ", ".join(f"{rule.section}.{rule.id}" for rule in rules)
    judged = " ".join(
        f"LEFT JOIN ({section(name, [r for r in rules if r.section == name])}) AS {name} USING (revision_id)"
        for name in names
    )
    return f"SELECT todo.record_id, todo.revision_id, {columns} FROM todo {judged} ORDER BY record_id, revision_id"


def section(name: str, rules: list[Rule]) -> str:
    """One row per revision with rows in the section: NULL where a rule applies to none, else how many break it."""
    judged = ", ".join(
        f"coalesce({applies(rule)}, false) AS a_{rule.id}, coalesce({rule.violates}, false) AS v_{rule.id}"
        for rule in rules
    )
    counts = ", ".join(
        f"CASE WHEN bool_or(a_{rule.id}) THEN count(*) FILTER (a_{rule.id} AND v_{rule.id})::INTEGER END AS {rule.id}"
        for rule in rules
    )
    return (
        f"SELECT revision_id, {counts} FROM (SELECT s.revision_id, {judged} {_rows(name, rules)}) GROUP BY revision_id"
    )


def finding(rule: Rule, columns: set[str]) -> str:
    """SELECT of the rows that break a rule; `columns` are those of its raw table."""
    position = "s.position" if "position" in columns else "NULL::INTEGER"
    return (
        f"SELECT '{rule.id}' AS rule, '{rule.severity}' AS severity, s.record_id, s.revision_id, "
        f"{position} AS position, {template(numbered(rule.field, columns))} AS field, "
        f"{template(rule.message)} AS message {_rows(rule.section, [rule])} AND {applies(rule)} AND ({rule.violates})"
    )


def applies(rule: Rule) -> str:
    """Where the rule is judged: from its stage on, and where `applies` holds."""
    if not rule.stages:
        return f"({rule.applies})"
    words = ", ".join(_quoted(stage) for stage in rule.stages)
    return f"({'s' if rule.section == 'records' else 'r'}.stage IN ({words}) AND ({rule.applies}))"


def _rows(name: str, rules: list[Rule]) -> str:
    table = name if name in VIRTUAL else f"raw.{name}"
    return f"FROM {table} AS s {joins(rules)} WHERE s.{TO_DO}"


def joins(rules: list[Rule]) -> str:
    """The joins that bring in what the rules look at besides their own row."""
    used = " ".join(f"{applies(rule)} {rule.violates} {rule.message} {rule.field}" for rule in rules)
    return " ".join(join for alias, join in JOINS.items() if re.search(rf"\b{alias}\.", used))


def private_macros(address: str, secret: str) -> str:
    """holds_address(text) and holds_secret(text), by patterns that RE2 reads."""
    return (
        f"CREATE OR REPLACE TEMP MACRO holds_address(t) AS regexp_matches(t, {_quoted(address)});"
        f"CREATE OR REPLACE TEMP MACRO holds_secret(t) AS regexp_matches(t, {_quoted(secret)})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
