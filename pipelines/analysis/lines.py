"""The fault lines of the warehouse that is open: the sets that dbt counted in, analysis.fault_lines out.

Here: reading the sets, looking up their incidents, writing. Not here: the method (fault_lines.py), and what is told of
each line besides (lines.sql: teams, days, harm, the last action and what came after it).
"""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.analysis import fault_lines, tables
from pipelines.analysis.fault_lines import FACETS, Q_LIMIT
from pipelines.warehouse import literal

MOST_TRIED = 400  # the strongest; each is looked up incident by incident (2026-11-25)
FIGURES_OF_LINES = ("p", "q", "ebgm", "eb05", "ratio_low", "ratio_high")
DECIMALS = 10
DETAILS = Path(__file__).with_name("lines.sql")

NAMED = ", ".join(FACETS)
SIZE_OF_SETS = " + ".join(f"(sets.{facet} IS NOT NULL)::INTEGER" for facet in FACETS)
# the bar between words is marked inside them: an artifact named `a|service=b` is not artifact a in service b
MARKED = r"replace(replace({0}, '\', '\\'), '|', '\|')"
WORDS = "concat_ws('|', " + ", ".join(f"'{facet}=' || {MARKED.format(facet)}" for facet in FACETS) + ")"
SIZE = " + ".join(f"({facet} IS NOT NULL)::INTEGER" for facet in FACETS)
FIGURES = f"SELECT incidents, expected, of_sets, {SIZE} AS size FROM intermediate.int_facet_sets ORDER BY set_no"
# the words of those that are looked at, and of the triples around them
SETS = f"""
CREATE OR REPLACE TEMP TABLE sets AS
SELECT 'FL-' || left(sha256({WORDS}), 8) AS line_id, *, {SIZE} AS size
FROM intermediate.int_facet_sets
WHERE set_no IN (SELECT set_no FROM tried_sets)
"""
MEMBERS = f"""
CREATE OR REPLACE TEMP TABLE members AS
WITH tried AS (UNPIVOT (SELECT set_no, {NAMED} FROM sets JOIN tried_sets USING (set_no))
    ON {NAMED} INTO NAME facet VALUE value),
sizes AS (SELECT set_no, count(*) AS size FROM tried GROUP BY set_no)
SELECT set_no, record_id
FROM tried
JOIN $facets USING (facet, value)
JOIN sizes USING (set_no)
ANTI JOIN intermediate.int_repeats USING (record_id)
GROUP BY set_no, record_id, size
HAVING count(*) = size
"""
# whoever has a set's third value has its pair, so that the pairs' incidents are all that names have to be looked up in
HELD = "(SELECT * FROM intermediate.int_facets WHERE record_id IN (SELECT record_id FROM members))"
OWNERS = """
SELECT set_no, greatest(
    count(DISTINCT value) FILTER (facet = 'team'), count(DISTINCT value) FILTER (facet = 'project')
) AS owners
FROM members JOIN intermediate.int_facets USING (record_id)
GROUP BY set_no ORDER BY set_no
"""
WIDER = f"""
SELECT pairs.set_no AS pair, pairs.incidents AS pair_incidents, sets.set_no AS triple, sets.incidents, sets.expected
FROM sets AS pairs
JOIN intermediate.int_facet_sets AS sets ON {SIZE_OF_SETS} = 3 AND pairs.size = 2
    AND {" AND ".join(f"(pairs.{facet} IS NULL OR pairs.{facet} = sets.{facet})" for facet in FACETS)}
WHERE list_contains($chosen, pairs.set_no)
ORDER BY ALL
"""


def write(con) -> int:
    """Find the lines: analysis.fault_lines and analysis.fault_line_incidents; gives the number of lines."""
    find(con)
    for name in ("fault_line_incidents", "fault_lines"):
        tables.create(con, name)
    con.execute(DETAILS.read_text(encoding="utf-8"))
    return con.execute("SELECT count(*) FROM analysis.fault_lines").fetchone()[0]


def find(con) -> None:
    """The lines, from int_facet_sets and int_facets alone, in the temporary tables that lines.sql reads."""
    import numpy as np

    found = con.execute(FIGURES).fetchnumpy()
    looks = int(found["of_sets"][0]) if len(found["of_sets"]) else 0
    incidents, expected = found["incidents"].astype(float), found["expected"].astype(float)
    p, q = fault_lines.chance(incidents, expected, looks)
    candidates = np.flatnonzero(q <= Q_LIMIT)
    p_limit = float(p[candidates].max()) if len(candidates) else 0.0
    ebgm, eb05 = fault_lines.strength(incidents, expected, candidates)
    strongest = np.argsort(-eb05, kind="stable")[:MOST_TRIED]
    tried = candidates[strongest]
    order = tried[np.argsort(-found["size"][tried], kind="stable")].tolist()
    _look_up(con, order, "intermediate.int_facets")
    chosen = fault_lines.choose(order, expected, _members(con), dict(con.execute(OWNERS).fetchall()), p_limit)
    figures = {
        int(one): {"p": p[one], "q": q[one], "ebgm": ebgm[place], "eb05": eb05[place]}
        for one, place in zip(tried, strongest, strict=True)
        if int(one) in chosen
    }
    _keep(con, figures, incidents, expected)


def _look_up(con, sets: list[int], facets: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE tried_sets AS SELECT unnest({sets}::BIGINT[]) AS set_no")
    con.execute(SETS)
    con.execute(MEMBERS.replace("$facets", facets))


def _members(con) -> dict:
    """The incidents of each set looked up, as numbers."""
    import numpy as np

    rows = con.execute(
        "SELECT set_no, dense_rank() OVER (ORDER BY record_id) - 1 AS record_no FROM members ORDER BY ALL"
    ).fetchnumpy()
    sets, starts = np.unique(rows["set_no"], return_index=True)
    return dict(zip(sets.tolist(), np.split(rows["record_no"], starts[1:]), strict=True)) if len(sets) else {}


def _keep(con, figures: dict[int, dict], incidents, expected) -> None:
    """The lines in their order, each under the set that names it best, with the figures of the set it was found by."""
    wider = con.execute(WIDER.replace("$chosen", f"{list(figures)}::BIGINT[]")).fetchnumpy()
    better = fault_lines.third_values(
        wider["pair"], wider["pair_incidents"].astype(float), wider["incidents"].astype(float), wider["expected"]
    )
    named: dict[int, int] = {}
    for one in figures:
        named.setdefault(int(wider["triple"][better[one]]) if one in better else one, one)
    low, high = fault_lines.ratio_interval(incidents[list(named)], expected[list(named)])
    rows = [
        {"set_no": name, "found_by": one, "place": n + 1}
        | {column: round(float(value), DECIMALS) for column, value in figures[one].items()}
        | {"ratio_low": round(float(low[n]), DECIMALS), "ratio_high": round(float(high[n]), DECIMALS)}
        for n, (name, one) in enumerate(named.items())
    ]
    shape = {"set_no": "BIGINT", "found_by": "BIGINT", "place": "INTEGER"} | dict.fromkeys(FIGURES_OF_LINES, "DOUBLE")
    given = f"from_json({literal(json.dumps(rows))}, {literal(json.dumps([shape]))})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT r.* FROM (SELECT unnest({given}) AS r)")
    _look_up(con, sorted({*named, *named.values()}), HELD)
