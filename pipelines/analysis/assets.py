"""Dagster's view of what SQL cannot do well: an asset for each step of steps.py, all made in one step of the run.

One step, because each step of a run opens the warehouse, closes it and waits for the disk: four took 0.5 s more.
"""

from collections.abc import Iterator
from time import perf_counter

import dagster as dg

from pipelines.analysis import intervals
from pipelines.analysis.steps import STEPS
from pipelines.failures import in_plain_words
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect

SHARED = {"group_name": "5_analysis", "kinds": {"python", "scipy"}, "owners": ["team:faultlines"]}
FAULT_LINES = """Combinations of causes, artifacts and services that recur in more incidents than chance would give.

A row of `analysis.fault_lines` is a line, strongest first; `analysis.fault_line_incidents` holds who is on it,
`analysis.fault_line_names` what people call it.
"""
BASELINES = """The routine range of every series (gamma–Poisson), and whether a week left it.

A row of `analysis.baselines` is a series, a week and a window of 1, 4 or 13 weeks that ends with it: of each category
every full week, of all other series the last one. `analysis.process_charts` holds the limits of charts.
"""
NOWCASTS = """What the newest weeks will hold once everything is filed, as a range, from past delays.

A row of `analysis.nowcasts` is a category and week still open; `analysis.nowcast_checks` tells how often such ranges
held, `analysis.filed_shares` how much is filed by which age.
"""
PREVENTION = """Whether the incidents in the scope of each action became fewer, and until when nobody can tell.

A row of `analysis.prevention` is an action or a fault line; `analysis.survival` holds how long actions stay open and
how long it takes until an incident comes back (Kaplan–Meier).
"""
# asset -> what it is, and what it is made from
MADE = {
    "fault_lines": (
        FAULT_LINES,
        ["int_facet_sets", "int_repeats", "actions", "incidents", "incident_phases"],
    ),
    "baselines": (BASELINES, ["category_weeks", "int_series_weeks", "fault_lines"]),
    "nowcasts": (NOWCASTS, ["category_weeks", "int_filing_delays"]),
    "prevention": (PREVENTION, ["fault_lines", "nowcasts", "int_action_scopes", "int_repeats", "actions"]),
}


@dg.multi_asset(
    name="analysis",
    specs=[dg.AssetSpec(name, description=text, deps=deps, **SHARED) for name, (text, deps) in MADE.items()],
)
def analysis(project: Project, writer: Writer) -> Iterator[dg.MaterializeResult]:
    """Every step of steps.py, in its order."""
    results = []
    with in_plain_words(), connect(project.load().warehouse) as con:
        intervals.define(con)
        for name, write in STEPS.items():
            began = perf_counter()
            rows = write(con)
            seconds = round(perf_counter() - began, 3)
            results.append(dg.MaterializeResult(name, metadata={"seconds": seconds, "dagster/row_count": rows}))
    yield from results
