"""Drift of completeness: fields that were common among a source's records and fall among those received last.

Of each source and stage (a draft lacks what a published record holds) the `newest` records or more, in whole
deliveries, are held against the last content of every record received before. A field of a list's entries is judged
among records that have the list, so that a lost list is told once. The fall must be larger than `fall` even at its
least, by Newcombe's interval of two Wilson intervals. With fewer than `newest` on either side nothing can be told.

Here: the data's form, the sample and the SQL. Not here: numbers set by hand (schemas/expectations.yml), and the
interval of a share (analysis/intervals.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from statistics import NormalDist

import duckdb

from pipelines.quality.thresholds import CatalogueError, Threshold, changes, closed, matches
from pipelines.warehouse import literal

KEYS = {"newest", "at_most", "common", "confidence", "columns", "except", "expectations"}
OF_FALL = {"concern", "title", "severity", "fall", "reason", "fix"}
SHARE, COUNT = r"0?\.[0-9]+", r"[1-9][0-9]*"

SAMPLE = """
CREATE OR REPLACE TEMP TABLE drift_sample AS
WITH windows AS (
  SELECT source, stage, max(generation) FILTER (so_far >= {newest}) AS starts
  FROM (SELECT source, stage, generation, sum(n) OVER (PARTITION BY source, stage ORDER BY generation DESC) AS so_far
        FROM (SELECT source, stage, generation, count(*) AS n FROM held_now GROUP BY ALL))
  GROUP BY source, stage HAVING starts > (SELECT min(generation) FROM raw.revisions)
),
earlier AS (
  SELECT source, w.stage, max((v.generation, revision_id)) AS last
  FROM raw.revisions AS v JOIN raw.records AS r USING (revision_id) JOIN windows AS w USING (source)
  WHERE w.stage = coalesce(r.stage, '') AND v.generation < w.starts
  GROUP BY source, w.stage, v.record_id
),
sides AS (
  SELECT source, stage, revision_id, true AS is_new, generation
  FROM held_now JOIN windows USING (source, stage) WHERE generation >= starts
  UNION ALL
  SELECT source, stage, last[2], false, last[1] FROM earlier
)
SELECT source, stage, revision_id, is_new FROM sides
QUALIFY row_number() OVER (PARTITION BY source, stage, is_new ORDER BY generation DESC, revision_id) <= {at_most}
"""
COUNTS = """
CREATE OR REPLACE TEMP TABLE drift AS
WITH sizes AS (
  SELECT source, stage, count(*) FILTER (is_new) AS n_now, count(*) FILTER (NOT is_new) AS n_then
  FROM drift_sample GROUP BY ALL
),
written AS (
  SELECT source, stage, field, count(*) FILTER (is_new) AS k_now, count(*) FILTER (NOT is_new) AS k_then
  FROM ({presence}) AS v JOIN drift_sample USING (revision_id) GROUP BY ALL
),
listed AS (SELECT *, nullif(regexp_extract(field, '^(.*)\\[\\]', 1), '') AS list FROM written)
SELECT f.source, f.stage, f.field, f.k_now, f.k_then,
  coalesce(l.k_now, CASE WHEN f.list IS NULL THEN n_now ELSE 0 END) AS n_now, coalesce(l.k_then, n_then) AS n_then
FROM listed AS f JOIN sizes USING (source, stage)
LEFT JOIN written AS l ON (l.source, l.stage, l.field) = (f.source, f.stage, f.list)
"""
FALLS = """
WITH shares AS (
  SELECT *, k_then / n_then AS p_then, k_now / n_now AS p_now, {z} AS z FROM drift
  WHERE n_now >= {newest} AND n_then >= {newest} AND k_then / n_then >= {common} AND list_contains({fields}, field)
),
told AS (
  SELECT source, concat(field, ' (', stage, ')') AS subject, n_now AS evaluated, n_now - k_now AS failed,
    p_then - {fall} AS needed,
    p_now + sqrt(pow(p_then - analysis.share_low(k_then, n_then, z), 2)
               + pow(analysis.share_high(k_now, n_now, z) - p_now, 2)) AS at_best
  FROM shares
)
FROM told
UNION ALL BY NAME
SELECT source, 0 AS evaluated, 0 AS failed FROM (SELECT DISTINCT source FROM held_now) ANTI JOIN told USING (source)
"""


@dataclass(frozen=True)
class Fall:
    """One expectation on the same counts: by how much which fields may fall."""

    id: str
    fall: float
    only: tuple[str, ...]
    about: dict


@dataclass(frozen=True)
class Drift:
    """What is compared, and the expectations on it."""

    newest: int
    at_most: int
    common: float
    confidence: float
    columns: dict[str, list[str]]
    never: tuple[str, ...]
    falls: tuple[Fall, ...]


def read(where: str, entry: object) -> Drift:
    """The `drift` of expectations.yml, checked."""
    closed(where, entry, KEYS, KEYS)
    for key, form in (("newest", COUNT), ("at_most", COUNT), ("common", SHARE), ("confidence", SHARE)):
        matches(where, key, entry[key], form)
    if set(entry["columns"]) != {"raw.records"}:
        raise CatalogueError(f"{where}: `columns` names columns of raw.records; other tables hold no row per record")
    falls = tuple(_fall(f"{where}: {name}", name, each) for name, each in entry["expectations"].items())
    numbers = int(entry["newest"]), int(entry["at_most"]), float(entry["common"]), float(entry["confidence"])
    return Drift(*numbers, entry["columns"], tuple(entry["except"]), falls)


def _fall(where: str, name: str, entry: dict) -> Fall:
    closed(where, entry, OF_FALL, OF_FALL | {"only"})
    matches(where, "fall", entry["fall"], SHARE)
    # what is needed follows from the earlier records, source by source
    threshold = Threshold(**({"needed": 0.0} | changes(where, entry)))
    about = {key: entry[key] for key in ("concern", "title", "reason", "fix")} | {"threshold": threshold}
    return Fall(name, float(entry["fall"]), tuple(entry.get("only", ())), about)


def count(con: duckdb.DuckDBPyConnection, drift: Drift) -> None:
    """Make the table `drift`: per source, stage and field how many of the newest and of the earlier records have it."""
    con.execute(SAMPLE.format(newest=drift.newest, at_most=drift.at_most))
    typed = [
        f"SELECT revision_id, unnest(list_filter([{', '.join(_named(table, c) for c in columns)}], "
        f"lambda name: name IS NOT NULL)) AS field FROM {table} SEMI JOIN drift_sample USING (revision_id)"
        for table, columns in drift.columns.items()
    ]
    written = "SELECT revision_id, field FROM raw.field_values SEMI JOIN drift_sample USING (revision_id)"
    con.execute(COUNTS.format(presence=" UNION ALL ".join([written, *typed])))


def _named(table: str, column: str) -> str:
    return f"CASE WHEN \"{column}\" IS NOT NULL THEN '{table}.{column}' END"


def shares(con: duckdb.DuckDBPyConnection, drift: Drift, fall: Fall) -> str:
    """SELECT of one expectation's shares; a source of which nothing can be told has one row that says so."""
    there = [name for (name,) in con.execute("SELECT DISTINCT field FROM drift ORDER BY field").fetchall()]
    chosen = [name for name in there if not fall.only or name in fall.only]
    watched = [literal(name) for name in chosen if not any(_like(name, pattern) for pattern in drift.never)]
    return FALLS.format(
        z=NormalDist().inv_cdf(drift.confidence),
        newest=drift.newest,
        common=drift.common,
        fall=fall.fall,
        fields=f"[{', '.join(watched)}]::VARCHAR[]",
    )


def _like(field: str, pattern: str) -> bool:
    return fnmatchcase(field.replace("[]", ""), pattern.replace("[]", ""))
