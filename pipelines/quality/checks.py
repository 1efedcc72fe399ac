"""The gate as asset checks: one for each expectation; the critical ones block publication."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines.quality import gate
from pipelines.resources import Gate, Project, Writer
from pipelines.warehouse import connect

EXPECTATIONS = gate.expectations()


@dg.multi_asset_check(
    name="gate",
    specs=[
        dg.AssetCheckSpec(
            name=expectation.id,
            asset="record_quality",
            description=expectation.title,
            blocking=expectation.severity == "critical",
            # after the models: Great Expectations has been at work beside them, and waiting for it earlier would stop them
            additional_deps=["category_baselines"],
        )
        for expectation in EXPECTATIONS
    ],
)
def gate_checks(context: dg.AssetCheckExecutionContext, project: Project, writer: Writer, gate_process: Gate) -> Iterator[dg.AssetCheckResult]:
    """What Great Expectations found; an exception inside an expectation fails the step, it is no verdict."""
    settings = project.load()
    verdicts = gate.verdicts()
    with connect(settings.warehouse) as con:
        gate.store(con, verdicts)
    for verdict in verdicts:
        yield dg.AssetCheckResult(
            asset_key="record_quality",
            check_name=verdict.expectation,
            passed=verdict.success,
            severity=dg.AssetCheckSeverity.ERROR if verdict.severity == "critical" else dg.AssetCheckSeverity.WARN,
            metadata={
                "evaluated": verdict.evaluated,
                "failed": verdict.failed,
                **({"share": verdict.share} if verdict.share is not None else {}),
                **({"needed": verdict.needed} if verdict.needed is not None else {}),
                "records": dg.MetadataValue.text(", ".join(verdict.record_ids) or "none"),
            },
        )
