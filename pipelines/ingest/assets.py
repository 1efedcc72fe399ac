"""Dagster's view of ingestion: one asset for the raw tables, with its counts and the table of what was set aside."""

import dagster as dg

from pipelines import clock
from pipelines.failures import in_plain_words
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.quarantine import as_table, open_faults
from pipelines.ingest.run import ingest
from pipelines.publish import generations
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect

MOST_ROWS = 100


@dg.asset(group_name="1_ingest", kinds={"python", "duckdb"}, owners=["team:faultlines"])
@in_plain_words()
def raw_records(project: Project, writer: Writer) -> dg.MaterializeResult:
    """Every record of every source, every revision kept; bad ones set aside with file, line, code and fix."""
    settings = project.load()
    attempt = generations.begin(settings, clock.now(), fingerprint(settings, find(settings)))
    with connect(settings.warehouse) as con:
        summary = ingest(con, settings, attempt)
        rejected = as_table(open_faults(con, MOST_ROWS))
    records, files = summary["records"], summary["files"]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": records["seen"],
            "rejected": dg.MetadataValue.md(rejected),
            **{f"records_{name}": count for name, count in records.items()},
            **{f"files_{name}": count for name, count in files.items()},
            "tombstones": summary["tombstones"],
            "generation": attempt.generation,
        }
    )
