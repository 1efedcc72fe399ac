"""Dagster's view of the rules: findings and record_quality, and what is handed to Great Expectations."""

from time import perf_counter

import dagster as dg

from pipelines.failures import in_plain_words
from pipelines.publish.generations import Attempt
from pipelines.quality import gate
from pipelines.resources import Gate, Project, Writer
from pipelines.warehouse import connect


@dg.asset(group_name="2_rules", kinds={"sql", "duckdb"}, owners=["team:faultlines"], deps=["raw_records"])
@in_plain_words()
def record_quality(project: Project, writer: Writer, gate_process: Gate) -> dg.MaterializeResult:
    """Each revision judged by every rule of `schemas/rules.yml`: how often it breaks it, or that it does not apply.

    A row of `quality.record_quality` is a revision, a column a rule; a row of `quality.findings` is one place where a
    record breaks one, and how to mend it. A finding stops nothing here: the checks of `quality_results` decide.
    """
    began = perf_counter()
    settings = project.load()
    with connect(settings.warehouse) as con:
        counts = gate.apply_rules(con, Attempt.load(settings).is_full)
        gate.hand_over(con, settings.work / "gate", settings.sources)
    seconds = round(perf_counter() - began, 3)
    return dg.MaterializeResult(
        metadata={"findings": counts["findings"], "seconds": seconds, "dagster/row_count": counts["revisions"]}
    )
