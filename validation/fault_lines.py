"""A. Recurring fault lines: planted triples must be found, and nothing else, beside counting and lift on the same data.

400 incidents whose facets are drawn apart from each other within their category (words are as uneven as in life: the
k-th of a vocabulary has the weight 1/(k+1)), and five triples of six incidents each, spread over teams. A line found is
true when it is one of the triples, word for word. A second bar takes planted triples away: nothing may be found.
"""

from __future__ import annotations

from itertools import combinations
from random import Random

import duckdb

from pipelines.analysis import fault_lines, lines
from pipelines.warehouse import insert
from validation import models
from validation.bar import Bar

TUNED_ON = "101-120"
BACKGROUND, PLANTED, EACH, TEAMS = 400, 5, 6, 12
CATEGORIES = ("service_degradation", "data_quality_anomaly", "model_performance_regression")
SIZES = {"root_cause": 30, "factor": 20, "trigger": 10, "artifact": 40, "service": 20}
GIVEN = dict.fromkeys(("record_id", "category", "team", *SIZES), "VARCHAR")
PLANT = ("root_cause", "artifact", "factor")


def organisation(random: Random, planted: int) -> tuple[list[dict], set[frozenset]]:
    """Incidents as facet -> word, with category and team; and the triples that were planted."""
    incidents, truth = [], set()
    for _ in range(BACKGROUND + planted * EACH):
        category = random.randrange(len(CATEGORIES))
        incidents.append({"category": CATEGORIES[category], "team": f"team {random.randrange(TEAMS)}"})
        for facet, size in SIZES.items():
            # each category uses two thirds of a vocabulary, so that words go with categories and not with each other
            words = [k for k in range(size) if facet in ("service", "trigger") or k % 3 != category]
            incidents[-1][facet] = f"{facet} {random.choices(words, [1 / (k + 1) for k in words])[0]}"
    for line in range(planted):
        triple = {facet: f"{facet} {random.randrange(SIZES[facet])}" for facet in PLANT}
        truth.add(frozenset(triple.items()))
        for n in range(EACH):
            incidents[BACKGROUND + line * EACH + n].update(triple, team=f"team {(line + n) % TEAMS}")
    return incidents, truth


def found(incidents: list[dict], threads: int = 2) -> list[frozenset]:
    """The lines of the product over these incidents, strongest first."""
    con = models.warehouse(threads)
    load(con, incidents)
    models.build(con, "int_facet_sets")
    lines.find(con)
    named = ", ".join(fault_lines.FACETS)
    rows = con.execute(f"SELECT {named} FROM lines JOIN sets USING (set_no) ORDER BY place").fetchall()
    return [frozenset((f, v) for f, v in zip(fault_lines.FACETS, row, strict=True) if v is not None) for row in rows]


def load(con: duckdb.DuckDBPyConnection, incidents: list[dict]) -> None:
    """The tables that the models of fault lines start from."""
    con.execute(f"CREATE TABLE given ({', '.join(f'{name} {kind}' for name, kind in GIVEN.items())})")
    con.execute("CREATE TABLE intermediate.int_repeats (record_id VARCHAR)")
    con.execute("CREATE TABLE intermediate.int_facets (record_id VARCHAR, facet VARCHAR, value VARCHAR)")
    con.execute(
        "CREATE TABLE intermediate.int_current_records (record_id VARCHAR, category VARCHAR, is_counted BOOLEAN)"
    )
    for n, one in enumerate(incidents):
        one["record_id"] = f"R{n:06}"
    insert(con, "given", GIVEN, incidents)
    con.execute("""
        INSERT INTO intermediate.int_facets
        UNPIVOT (SELECT * EXCLUDE (category) FROM given) ON COLUMNS(* EXCLUDE (record_id)) INTO NAME facet VALUE value
    """)
    con.execute("INSERT INTO intermediate.int_current_records SELECT record_id, category, true FROM given")


def by_lift(incidents: list[dict], support: float = 0.01, lift: float = 1.5) -> list[frozenset]:
    """The usual way: triples with a share of at least `support` and `lift` times what independence gives."""
    counts: dict[frozenset, int] = {}
    for one in incidents:
        items = [(facet, one[facet]) for facet in SIZES]
        for size in (1, 3):
            for some in combinations(items, size):
                counts[frozenset(some)] = counts.get(frozenset(some), 0) + 1
    total, kept = len(incidents), []
    for some, n in counts.items():
        if len(some) == 3 and n >= support * total:
            chance = total
            for item in some:
                chance *= counts[frozenset([item])] / total
            if n / chance >= lift:
                kept.append(some)
    return sorted(kept, key=lambda some: (-counts[some], sorted(some)))


def bars(seed: int, size: int) -> list[Bar]:
    """`size` organisations with planted triples and as many without; seeds follow from `seed`."""
    hits = reported = naive_hits = naive_reported = top_hits = quiet = 0
    for n in range(size):
        incidents, truth = organisation(Random(f"lines/{seed}/{n}"), PLANTED)
        ours, naive = found(incidents), by_lift(incidents)
        hits, reported = hits + len(truth & set(ours)), reported + len(ours)
        naive_hits, naive_reported = naive_hits + len(truth & set(naive)), naive_reported + len(naive)
        top_hits += len(truth & set(naive[:10]))
        quiet += len(found(organisation(Random(f"quiet/{seed}/{n}"), 0)[0]))
    of = f"{size} organisations of {BACKGROUND + PLANTED * EACH} incidents, {PLANTED * size} planted triples"
    lift = "support 1 %, lift 1.5"
    return [
        Bar("A", "share of reported lines that were planted", hits / max(reported, 1), of, least=0.95,
            naive=naive_hits / max(naive_reported, 1), naive_is=lift),
        Bar("A", "share of planted lines that are reported", hits / (PLANTED * size), of, least=0.90,
            naive=naive_hits / (PLANTED * size), naive_is=lift),
        Bar("A", "the same, among the ten first", hits / (PLANTED * size), of, least=0.90,
            naive=top_hits / (PLANTED * size), naive_is="top ten by count"),
        Bar("A", "lines reported where none was planted, each organisation", quiet / size,
            f"{size} organisations of {BACKGROUND} incidents", most=0.10),
    ]  # fmt: skip
