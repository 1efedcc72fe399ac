"""Dagster's view of publication: one asset, reached only when every blocking check has passed."""

from time import perf_counter

import dagster as dg

from pipelines import models
from pipelines.failures import in_plain_words
from pipelines.publish.generations import WAREHOUSE, Attempt
from pipelines.publish.step import publish_attempt
from pipelines.resources import Project, Writer


@dg.asset(
    group_name="7_publish",
    kinds={"duckdb", "parquet"},
    owners=["team:faultlines"],
    deps=["quality_results", *models.marts()],
)
@in_plain_words()
def published_warehouse(project: Project, writer: Writer) -> dg.MaterializeResult:
    """The warehouse readers open: one whole generation, swapped in at once, Parquet beside it.

    A row of `marts.incidents` is a record known now. `faultlines sql` opens it; `folder` is where it lies. Reached only
    when every model, data test and blocking check has passed: if it was skipped, readers still have the one before.
    """
    began = perf_counter()
    settings = project.load()
    attempt = Attempt.load(settings)
    folder, rows = publish_attempt(settings, attempt)
    return dg.MaterializeResult(
        metadata={
            "generation": attempt.generation,
            "folder": dg.MetadataValue.path(str(folder)),
            "open_it": dg.MetadataValue.md(f"`faultlines sql --project {settings.file.parent}`"),
            "tables": len(rows),
            "megabytes": round((folder / WAREHOUSE).stat().st_size / 1e6, 1),
            "seconds": round(perf_counter() - began, 3),
            "dagster/row_count": rows["marts.incidents"],
        }
    )
