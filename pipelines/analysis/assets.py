"""Dagster's view of what SQL cannot do well: one asset a step, in the order of steps.py."""

from time import perf_counter

import dagster as dg

from pipelines.analysis import intervals
from pipelines.analysis.steps import STEPS
from pipelines.failures import in_plain_words
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect

SHARED = {"group_name": "5_analysis", "kinds": {"python", "scipy"}, "owners": ["team:faultlines"]}


def _done(step: str, project: Project) -> dg.MaterializeResult:
    began = perf_counter()
    with connect(project.load().warehouse) as con:
        intervals.define(con)
        rows = STEPS[step](con)
    seconds = round(perf_counter() - began, 3)
    return dg.MaterializeResult(metadata={"seconds": seconds, "dagster/row_count": rows})


@dg.asset(**SHARED, deps=["int_facet_sets", "actions", "causes", "incidents", "incident_phases"])
@in_plain_words()
def fault_lines(project: Project, writer: Writer) -> dg.MaterializeResult:
    """Combinations of causes, artifacts and services that recur in more incidents than chance would give.

    A row of `analysis.fault_lines` is a line, strongest first; `analysis.fault_line_incidents` holds who is on it.
    """
    return _done("fault_lines", project)


@dg.asset(**SHARED, deps=["category_weeks", "int_series_weeks", "fault_lines"])
@in_plain_words()
def baselines(project: Project, writer: Writer) -> dg.MaterializeResult:
    """The routine range of every series (gamma–Poisson), and whether a week left it.

    A row of `analysis.baselines` is a series, a week and a window of 1, 4 or 13 weeks that ends with it: of each
    category every full week, of all other series the last one.
    """
    return _done("baselines", project)


@dg.asset(**SHARED, deps=["category_weeks", "int_filing_delays"])
@in_plain_words()
def nowcasts(project: Project, writer: Writer) -> dg.MaterializeResult:
    """What the newest weeks will hold once everything is filed, as a range, from past delays.

    A row of `analysis.nowcasts` is a category and week still open; `analysis.nowcast_checks` tells how often such
    ranges held, `analysis.filed_shares` how much is filed by which age.
    """
    return _done("nowcasts", project)


@dg.asset(**SHARED, deps=["fault_lines", "nowcasts", "int_action_scopes", "actions"])
@in_plain_words()
def prevention(project: Project, writer: Writer) -> dg.MaterializeResult:
    """Whether the incidents in the scope of each action became fewer, and until when nobody can tell.

    A row of `analysis.prevention` is an action or a fault line; `analysis.survival` holds how long actions stay
    open and how long it takes until an incident comes back (Kaplan–Meier).
    """
    return _done("prevention", project)
