"""Recurring fault lines: combinations of facet values that more incidents share than chance would give.

    dbt (int_facet_sets)   every pair and triple of three incidents and more, with what chance would give
    here                   p, q, EB05; which of them are lines; what each line's incidents are
    fault_lines.sql        what is known of each line: teams, days, harm, the last action and what came after it

An incident is evidence once: triples before pairs, the stronger before the weaker, and each must stand out by what is
left. So a pair inside a triple is no second finding, while an incident may stand on several lines that each earn their
place. A triple has to add something over its pairs (its expected count starts from them), so it may go first.
Lines are associations; nothing here says that one thing causes another.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.analysis import tables
from pipelines.analysis.many_looks import q_values
from pipelines.analysis.shrinkage import fit, shrunk

FACETS = ("root_cause", "factor", "trigger", "artifact", "service")
NAMED = ", ".join(FACETS)
WORDS = "concat_ws('|', " + ", ".join(f"'{facet}=' || {facet}" for facet in FACETS) + ")"
LEAST_INCIDENTS, LEAST_OWNERS = 3, 2  # teams or projects
Q_LIMIT = 0.05
MOST_TRIED = 400  # the strongest; each is looked up incident by incident (2026-11-25)
DECIMALS = 10
DETAILS = Path(__file__).with_name("fault_lines.sql")

SIZE = " + ".join(f"({facet} IS NOT NULL)::INTEGER" for facet in FACETS)
SETS = f"""
CREATE OR REPLACE TEMP TABLE sets AS
SELECT row_number() OVER (ORDER BY line_id) - 1 AS set_no, *
FROM (
    SELECT 'FL-' || left(sha256({WORDS}), 8) AS line_id, *
    FROM intermediate.int_facet_sets
    WHERE incidents >= {LEAST_INCIDENTS}
)
"""
MEMBERS = f"""
CREATE OR REPLACE TEMP TABLE members AS
WITH tried AS (UNPIVOT (SELECT set_no, {NAMED} FROM sets JOIN tried_sets USING (set_no))
    ON {NAMED} INTO NAME facet VALUE value),
sizes AS (SELECT set_no, count(*) AS size FROM tried GROUP BY set_no),
records AS (SELECT record_id, row_number() OVER (ORDER BY record_id) - 1 AS record_no
    FROM (SELECT DISTINCT record_id FROM intermediate.int_facets))
SELECT set_no, record_id, record_no
FROM tried
JOIN intermediate.int_facets USING (facet, value)
JOIN records USING (record_id)
JOIN sizes USING (set_no)
GROUP BY set_no, record_id, record_no, size
HAVING count(*) = size
"""
OWNERS = """
SELECT set_no, greatest(
    count(DISTINCT value) FILTER (facet = 'team'), count(DISTINCT value) FILTER (facet = 'project')
) AS owners
FROM members JOIN intermediate.int_facets USING (record_id)
GROUP BY set_no ORDER BY set_no
"""


def measure(incidents, expected, looks: int) -> dict:
    """Of each set: p (a Poisson count of mean `expected` is at least this large), q over all looks, EBGM and EB05.

    incidents, expected: arrays of one length; looks: how many sets occur at all, kept or not.
    """
    import numpy as np
    from scipy.special import gammainc, gammaincinv

    if not len(incidents):
        return {name: np.empty(0) for name in ("p", "q", "ebgm", "eb05", "ratio_low", "ratio_high")}
    expected = np.maximum(expected, 1e-6)  # what SQL rounded away
    p = gammainc(incidents, expected)
    ebgm, eb05 = shrunk(incidents, expected, *fit(incidents, expected, LEAST_INCIDENTS))
    return {
        "p": p,
        "q": q_values(p, max(looks, len(p))),
        "ebgm": ebgm,
        "eb05": eb05,
        "ratio_low": gammaincinv(incidents, 0.025) / expected,
        "ratio_high": gammaincinv(incidents + 1, 0.975) / expected,
    }


def choose(order, expected, members: dict, owners: dict, p_limit: float, records: int) -> dict:
    """Which sets are lines: set -> the records it is the first to explain.

    order: sets, in the order in which they may explain; members: set -> array of record numbers; owners: set -> how
    many teams or projects.
    """
    import numpy as np
    from scipy.special import gammainc

    explained, lines = np.zeros(records, dtype=bool), {}
    for one in order:
        fresh = members[one][~explained[members[one]]]
        enough = len(fresh) >= LEAST_INCIDENTS and owners.get(one, 0) >= LEAST_OWNERS
        if enough and gammainc(len(fresh), max(expected[one], 1e-6)) <= p_limit:
            lines[one] = fresh
            explained[fresh] = True
    return lines


def write(con) -> int:
    """Find the lines of the warehouse that is open: analysis.fault_lines and who is on them; the number of lines."""
    import numpy as np

    con.execute(SETS)
    found = con.execute(f"SELECT incidents, expected, of_sets, {SIZE} AS size FROM sets ORDER BY set_no").fetchnumpy()
    looks = int(found["of_sets"][0]) if len(found["of_sets"]) else 0
    incidents, expected = found["incidents"].astype(float), found["expected"].astype(float)
    measured = measure(incidents, expected, looks)
    is_candidate = measured["q"] <= Q_LIMIT
    p_limit = float(measured["p"][is_candidate].max()) if is_candidate.any() else 0.0
    strongest = np.lexsort((np.arange(len(expected)), -measured["eb05"]))
    tried = strongest[is_candidate[strongest]][:MOST_TRIED]
    order = tried[np.argsort(-found["size"][tried], kind="stable")].tolist()
    lines = choose(order, expected, *_lookup(con, order), p_limit, _records(con))
    _keep(con, {one: lines[one] for one in tried.tolist() if one in lines}, measured)
    return _detail(con)


def _records(con) -> int:
    return con.execute("SELECT count(DISTINCT record_id) FROM intermediate.int_facets").fetchone()[0]


def _lookup(con, order: list[int]) -> tuple[dict, dict]:
    """The records of each set tried, and by how many teams or projects they are owned."""
    import numpy as np

    con.execute(f"CREATE OR REPLACE TEMP TABLE tried_sets AS SELECT unnest({order}::BIGINT[]) AS set_no")
    con.execute(MEMBERS)
    rows = con.execute("SELECT set_no, record_no FROM members ORDER BY set_no, record_no").fetchnumpy()
    sets, starts = np.unique(rows["set_no"], return_index=True)
    members = dict(zip(sets.tolist(), np.split(rows["record_no"], starts[1:]), strict=True)) if len(sets) else {}
    return members, dict(con.execute(OWNERS).fetchall())


def _keep(con, lines: dict, measured: dict) -> None:
    """The lines found and the records each explains first, as tables that fault_lines.sql reads."""
    import json

    from pipelines.warehouse import literal

    rows = [
        {"set_no": one, "place": place}
        | {name: round(float(values[one]), DECIMALS) for name, values in measured.items()}
        | {"explains": fresh.tolist()}
        for place, (one, fresh) in enumerate(lines.items(), start=1)
    ]
    shape = {"set_no": "BIGINT", "place": "INTEGER"} | dict.fromkeys(measured, "DOUBLE") | {"explains": ["BIGINT"]}
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lines AS "
        f"SELECT r.* FROM (SELECT unnest(from_json({literal(json.dumps(rows))}, {literal(json.dumps([shape]))})) AS r)"
    )


def _detail(con) -> int:
    for name in ("fault_line_incidents", "fault_lines"):
        tables.create(con, name)
    con.execute(DETAILS.read_text(encoding="utf-8"))
    return con.execute("SELECT count(*) FROM analysis.fault_lines").fetchone()[0]
