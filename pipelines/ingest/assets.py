"""Dagster's view of ingestion: one asset for the raw tables, with its counts and the table of what was set aside."""

import dagster as dg

from pipelines import clock
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.run import ingest
from pipelines.publish import generations
from pipelines.resources import Project, Writer
from pipelines.warehouse import connect

MOST_ROWS = 100
REJECTED = (
    'SELECT source, path, line, "column", field, code, message, fix FROM raw.quarantine '
    "SEMI JOIN (SELECT source, path, max(generation) AS generation FROM raw.files GROUP BY source, path "
    "HAVING arg_max(kind, generation) = 'read') USING (source, path, generation) ORDER BY ALL LIMIT ?"
)


@dg.asset(group_name="ingest", kinds={"python", "duckdb"}, owners=["team:faultlines"])
def raw_records(project: Project, writer: Writer) -> dg.MaterializeResult:
    """Every record of every source, every revision kept; bad ones set aside with file, line, code and fix."""
    settings = project.load()
    attempt = generations.begin(settings, clock.now(), fingerprint(settings, find(settings)))
    with connect(settings.warehouse) as con:
        summary = ingest(con, settings, attempt)
        rejected = con.execute(REJECTED, [MOST_ROWS]).fetchall()
    records, files = summary["records"], summary["files"]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": records["seen"],
            **{f"records_{name}": count for name, count in records.items()},
            **{f"files_{name}": count for name, count in files.items()},
            "tombstones": summary["tombstones"],
            "rejected": dg.MetadataValue.md(rejected_table(rejected)),
            "generation": attempt.generation,
        }
    )


def rejected_table(rows: list[tuple]) -> str:
    """What was set aside, as a Markdown table an operator can work down."""
    if not rows:
        return "Nothing is set aside."
    lines = ["| where | field | code | what is wrong | how to mend it |", "|---|---|---|---|---|"]
    for source, path, line, column, field, code, message, fix in rows:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        lines.append(
            "| " + " | ".join(_cell(text) for text in (f"{source}: {place}", field, code, message, fix)) + " |"
        )
    return "\n".join(lines)


def _cell(text: str | None) -> str:
    """A text that cannot leave its cell nor become markup."""
    return (text or "").replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
