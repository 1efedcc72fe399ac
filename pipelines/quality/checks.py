"""The gate as asset checks: one for each concern, its expectations in a table, the critical ones blocking publication.

They belong to an asset of their own, `quality_results`, of which only publication is downstream: a blocking check on
`record_quality` would stop the models too, and Great Expectations is to work beside them. One check a concern and not
one an expectation: an operator reads 12, and each costs three events of Dagster's run log (46 took 1.3 s of a run).
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import dagster as dg

from pipelines.quality import gate
from pipelines.quality.gate import Verdict
from pipelines.resources import Gate, Project, Writer
from pipelines.warehouse import connect

HEADER = "| expectation | severity | evaluated | failed | needed | records |\n|---|---|---:|---:|---:|---|"
MOST_NAMED = 10


def _specs() -> Iterator[dg.AssetCheckSpec]:
    for concern, expected in _by_concern(gate.expectations()):
        titles = "; ".join(each.title for each in expected)
        blocking = any(each.severity == "critical" for each in expected)
        yield dg.AssetCheckSpec(concern, asset="quality_results", description=titles, blocking=blocking)


def _by_concern(items) -> list[tuple[str, list]]:
    ordered = sorted(items, key=attrgetter("concern"))
    return [(concern, list(group)) for concern, group in groupby(ordered, key=attrgetter("concern"))]


@dg.asset(
    group_name="7_gate",
    kinds={"greatexpectations"},
    owners=["team:faultlines"],
    # after the models, not for their content: waiting for Great Expectations earlier would stop them
    deps=["record_quality", "category_baselines"],
    check_specs=list(_specs()),
)
def quality_results(project: Project, writer: Writer, gate_process: Gate) -> dg.MaterializeResult:
    """What Great Expectations found, a row per expectation; one that could not be judged is an error, no verdict."""
    verdicts = gate.verdicts()
    with connect(project.load().warehouse) as con:
        gate.store(con, verdicts)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(verdicts), "failed": sum(not verdict.success for verdict in verdicts)},
        check_results=[check(concern, found) for concern, found in _by_concern(verdicts)],
    )


def check(concern: str, verdicts: list[Verdict]) -> dg.AssetCheckResult:
    """One concern: failed when one of its expectations is, an ERROR (which blocks) only when a critical one is."""
    failed = [verdict for verdict in verdicts if not verdict.success]
    is_critical = any(verdict.severity == "critical" for verdict in failed)
    shares = {f"{verdict.expectation} share": verdict.share for verdict in verdicts if verdict.share is not None}
    return dg.AssetCheckResult(
        check_name=concern,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        # shares are numbers, which the UI plots over runs by itself
        metadata={"expectations": dg.MetadataValue.md("\n".join([HEADER, *map(_row, verdicts)]))} | shares,
    )


def _row(verdict: Verdict) -> str:
    named = ", ".join(verdict.record_ids[:MOST_NAMED]).replace("|", "\\|")
    cells = (verdict.expectation, verdict.severity, verdict.evaluated, verdict.failed, f"{verdict.needed:.0%}", named)
    return "| " + " | ".join(map(str, cells)) + " |"
