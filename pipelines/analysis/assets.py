"""Dagster's view of what SQL cannot do well: the interval of each category's weekly rate."""

from time import perf_counter

import dagster as dg

from pipelines.analysis import baselines, intervals
from pipelines.failures import in_plain_words
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect


@dg.asset(group_name="5_analysis", kinds={"python", "scipy"}, owners=["team:faultlines"], deps=["category_weeks"])
@in_plain_words()
def category_baselines(project: Project, writer: Writer) -> dg.MaterializeResult:
    """The routine range of each category, week by week (gamma–Poisson), and whether a week left it.

    A row of `analysis.category_baselines` is a category, a week and a window of 1, 4 or 13 weeks that ends with it.
    The functions that give other tables their intervals are made here too.
    """
    began = perf_counter()
    with connect(project.load().warehouse) as con:
        intervals.define(con)
        rows = baselines.write(con)
    seconds = round(perf_counter() - began, 3)
    return dg.MaterializeResult(metadata={"seconds": seconds, "dagster/row_count": rows})
