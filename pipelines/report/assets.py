"""Dagster's view of the weekly page: one partition per ISO week, written from the published warehouse."""

import dagster as dg

from pipelines.failures import in_plain_words
from pipelines.report.page import write_page
from pipelines.resources import Project

# The first Monday a page can be asked for; partitions before the first record cost nothing.
WEEKS = dg.WeeklyPartitionsDefinition(start_date="2019-01-07", day_offset=1)


@dg.asset(
    group_name="9_report",
    kinds={"html", "markdown"},
    owners=["team:faultlines"],
    deps=["published_warehouse"],
    partitions_def=WEEKS,
)
@in_plain_words()
def weekly_page(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
    """The weekly summary for leadership: facts.json, Markdown and one self-contained HTML file."""
    week = context.partition_time_window.start.strftime("%G-W%V")
    paths = write_page(project.load(), week)
    return dg.MaterializeResult(metadata={path.name: dg.MetadataValue.path(str(path)) for path in paths})
