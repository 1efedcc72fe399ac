"""Dagster's view of ingestion: one asset for the raw tables, with its counts and the table of what was set aside."""

from time import perf_counter

import dagster as dg

from pipelines import clock
from pipelines.failures import in_plain_words
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.quarantine import OPEN, as_table, open_faults
from pipelines.ingest.run import ingest
from pipelines.publish import generations
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect

MOST_ROWS = 100


class Reach(dg.Config):
    """What the run makes anew: what a change reaches, or (`full`) every verdict and model row."""

    full: bool = False


@dg.asset(group_name="1_ingest", kinds={"python", "duckdb"}, owners=["team:faultlines"])
@in_plain_words()
def raw_records(config: Reach, project: Project, writer: Writer) -> dg.MaterializeResult:
    """Every record of every source, every revision kept; bad ones are set aside with file, line, code and fix.

    A row of `raw.revisions` is one content of one record. The metadata counts what came in and what became of it;
    `rejected` lists what was set aside. Mend those files and run again: nothing else waits for them.
    """
    began = perf_counter()
    settings = project.load()
    attempt = generations.begin(settings, clock.now(), fingerprint(settings, find(settings)), config.full)
    with connect(settings.warehouse) as con:
        summary = ingest(con, settings, attempt)
        (faults,) = con.execute(f"SELECT count(*) FROM ({OPEN.read_text()})").fetchone()
        rejected = as_table(open_faults(con, MOST_ROWS))
        (rows,) = con.execute("SELECT count(*) FROM raw.revisions").fetchone()
    records, files = summary["records"], summary["files"]
    return dg.MaterializeResult(
        metadata={
            "rejected": dg.MetadataValue.md(rejected + _rest(faults)),
            "rejected_faults": faults,
            **{f"records_{name}": count for name, count in records.items()},
            "records_gone": summary["tombstones"],
            "records_kept": summary["kept"],
            "records_skipped": summary["skipped"],
            **{f"files_{name}": count for name, count in files.items()},
            "generation": attempt.generation,
            "seconds": round(perf_counter() - began, 3),
            "dagster/row_count": rows,
        }
    )


def _rest(faults: int) -> str:
    """What the table leaves out, and what lists all of it once it is published."""
    if not faults:
        return ""
    more = f"… and {faults - MOST_ROWS} more faults. " if faults > MOST_ROWS else ""
    return f"\n\n{more}All of them, once published: `faultlines sql < queries/{OPEN.name}`"
