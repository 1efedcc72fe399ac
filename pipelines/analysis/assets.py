"""Dagster's view of what SQL cannot do well: the interval of each category's weekly rate."""

import dagster as dg

from pipelines.analysis import baselines, intervals
from pipelines.failures import in_plain_words
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect


@dg.asset(group_name="6_analysis", kinds={"python", "scipy"}, owners=["team:faultlines"], deps=["category_weeks"])
@in_plain_words()
def category_baselines(project: Project, writer: Writer) -> dg.MaterializeResult:
    """Each category's routine range by week (gamma–Poisson), and whether a week left it; functions for intervals."""
    with connect(project.load().warehouse) as con:
        intervals.define(con)
        return dg.MaterializeResult(metadata={"dagster/row_count": baselines.write(con)})
