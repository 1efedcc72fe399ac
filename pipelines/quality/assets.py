"""Dagster's view of the rules: findings and record_quality, and what is handed to Great Expectations."""

import dagster as dg

from pipelines.failures import in_plain_words
from pipelines.quality import gate
from pipelines.resources import Gate, Project, Writer
from pipelines.warehouse import connect


@dg.asset(group_name="2_quality", kinds={"sql", "duckdb"}, owners=["team:faultlines"], deps=["raw_records"])
@in_plain_words()
def record_quality(project: Project, writer: Writer, gate_process: Gate) -> dg.MaterializeResult:
    """One row per revision, one column per rule: how often the record breaks it, or that it does not apply."""
    settings = project.load()
    with connect(settings.warehouse) as con:
        counts = gate.apply_rules(con)
        gate.hand_over(con, settings.work / "gate", settings.sources)
    return dg.MaterializeResult(metadata={"dagster/row_count": counts["revisions"], "findings": counts["findings"]})
