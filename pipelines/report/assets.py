"""Dagster's view of the weekly page: one partition per ISO week, written from the published warehouse."""

from time import perf_counter

import dagster as dg

from pipelines.failures import in_plain_words
from pipelines.report.page import write_page
from pipelines.resources import Project

# The first Monday a page can be asked for; partitions before the first record cost nothing.
WEEKS = dg.WeeklyPartitionsDefinition(start_date="2019-01-07", day_offset=1)


@dg.asset(
    group_name="8_report",
    kinds={"html", "markdown"},
    owners=["team:faultlines"],
    deps=["published_warehouse"],
    partitions_def=WEEKS,
)
@in_plain_words()
def weekly_page(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult:
    """The weekly summary for leadership: facts.json, Markdown and one self-contained HTML file.

    A partition is an ISO week, named by its Monday; each has its own folder. A week that has not ended has none. The
    page speaks of the warehouse as published now, so a week filled in later tells what is known now of that week.
    """
    began = perf_counter()
    week = context.partition_time_window.start.strftime("%G-W%V")
    paths = {path.name: path for path in write_page(project.load(), week)}
    return dg.MaterializeResult(
        metadata={
            "week": week,
            "page": dg.MetadataValue.md(paths["weekly.md"].read_text(encoding="utf-8")),
            **{name: dg.MetadataValue.path(str(path)) for name, path in paths.items()},
            "seconds": round(perf_counter() - began, 3),
        }
    )
