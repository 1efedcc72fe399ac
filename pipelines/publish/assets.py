"""Dagster's view of publication: one asset, reached only when every blocking check has passed."""

import dagster as dg

from pipelines import models
from pipelines.failures import in_plain_words
from pipelines.publish.generations import Attempt
from pipelines.publish.step import publish_attempt
from pipelines.resources import Project, Writer


@dg.asset(
    group_name="8_publish",
    kinds={"duckdb", "parquet"},
    owners=["team:faultlines"],
    deps=["quality_results", *models.marts()],
)
@in_plain_words()
def published_warehouse(project: Project, writer: Writer) -> dg.MaterializeResult:
    """The warehouse readers open: one whole generation, swapped in at once, Parquet beside it."""
    settings = project.load()
    attempt = Attempt.load(settings)
    folder, rows = publish_attempt(settings, attempt)
    return dg.MaterializeResult(
        metadata={
            "generation": attempt.generation,
            "folder": dg.MetadataValue.path(str(folder)),
            "dagster/row_count": rows["marts.incidents"],
        }
    )
