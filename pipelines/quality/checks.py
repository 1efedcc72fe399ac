"""The gate as asset checks: one for each expectation, the critical ones blocking publication.

They belong to an asset of their own, `quality_results`, of which only publication is downstream: a blocking check on
`record_quality` would stop the models too, and Great Expectations is to work beside them.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.quality import gate
from pipelines.quality.gate import Verdict
from pipelines.resources import Gate, Project, Writer
from pipelines.warehouse import connect


def _specs() -> Iterator[dg.AssetCheckSpec]:
    for expected in gate.expectations():
        blocking = expected.severity == "critical"
        yield dg.AssetCheckSpec(expected.id, asset="quality_results", description=expected.title, blocking=blocking)


@dg.asset(
    group_name="quality",
    kinds={"greatexpectations"},
    owners=["team:faultlines"],
    # after the models, not for their content: waiting for Great Expectations earlier would stop them
    deps=["record_quality", "category_baselines"],
    check_specs=list(_specs()),
)
def quality_results(project: Project, writer: Writer, gate_process: Gate) -> dg.MaterializeResult:
    """What Great Expectations found, one row per expectation; one that could not be judged is an error, not a verdict."""
    verdicts = gate.verdicts()
    with connect(project.load().warehouse) as con:
        gate.store(con, verdicts)
    failed = sum(not verdict.success for verdict in verdicts)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(verdicts), "failed": failed}, check_results=[_check(verdict) for verdict in verdicts]
    )


def _check(verdict: Verdict) -> dg.AssetCheckResult:
    shares = {"share": verdict.share, "needed": verdict.needed}  # numbers, which the UI plots by itself
    return dg.AssetCheckResult(
        check_name=verdict.expectation,
        passed=verdict.success,
        severity=dg.AssetCheckSeverity.ERROR if verdict.severity == "critical" else dg.AssetCheckSeverity.WARN,
        metadata={
            "evaluated": verdict.evaluated,
            "failed": verdict.failed,
            "records": dg.MetadataValue.text(", ".join(verdict.record_ids) or "none"),
        }
        | {name: number for name, number in shares.items() if number is not None},
    )
