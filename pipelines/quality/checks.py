"""The gate as asset checks: one for each concern, its expectations in a table, the critical ones blocking publication.

They belong to an asset of their own, `quality_results`, of which only publication is downstream: a blocking check on
`record_quality` would stop the models too, and Great Expectations is to work beside them. One check a concern and not
one an expectation: an operator reads 12, and each costs three events of Dagster's run log (46 took 1.3 s of a run).
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from time import perf_counter

import dagster as dg

from pipelines.failures import in_plain_words
from pipelines.ingest.quarantine import cell
from pipelines.quality import gate, history
from pipelines.quality.suite import Expectation
from pipelines.quality.verdicts import GateClosed, Verdict, blocking, closed, percent
from pipelines.resources import Gate, Project, Writer
from pipelines.warehouse import connect

COLUMNS = ("expectation", "source", "verdict", "evaluated", "failed", "passed", "needed", "records")
HEADER = f"| {' | '.join(COLUMNS)} |\n|---|---|---|---:|---:|---:|---:|---|"
MOST_NAMED = 10
MOST_ROWS = 60


def _specs() -> Iterator[dg.AssetCheckSpec]:
    for concern, expected in _by_concern(gate.expectations()):
        blocking = any(each.severity == "critical" for each in expected)
        yield dg.AssetCheckSpec(concern, asset="quality_results", description=described(expected), blocking=blocking)


def described(expected: list[Expectation]) -> str:
    """What a check looks at, those that close the gate first; an expectation on a frame is told by its reason."""
    lines = []
    for severity, does in (("critical", "Closes the gate"), ("warning", "Only warns")):
        told = [each.reason.rstrip(".") if each.frame else each.title for each in expected if each.severity == severity]
        if told:
            lines.append(f"{does}: {'; '.join(dict.fromkeys(told))}.")
    return " ".join(lines)


def _by_concern(items) -> list[tuple[str, list]]:
    ordered = sorted(items, key=attrgetter("concern"))
    return [(concern, list(group)) for concern, group in groupby(ordered, key=attrgetter("concern"))]


@dg.asset(
    group_name="6_gate",
    kinds={"greatexpectations"},
    owners=["team:faultlines"],
    # after the models, not for their content: waiting for Great Expectations earlier would stop them
    deps=["record_quality", "baselines", "prevention"],
    check_specs=list(_specs()),
)
def quality_results(project: Project, writer: Writer, gate_process: Gate) -> Iterator[dg.MaterializeResult]:
    """What Great Expectations found; a critical failure closes the gate, and nothing is published.

    A row of `quality.results` is an expectation and a source. Each check below is one concern: its table names the
    source, the share that passed and was needed, and the records. A failed warning is there to be mended and stops
    nothing. An expectation that could not be judged is an error of the run and no verdict.
    """
    began = perf_counter()
    with in_plain_words():
        suite = gate.suite()
        found = gate.found()
        with connect(project.load().warehouse) as con:
            history.store(con, found)
            history.note_completeness(con)
            history.forget(con, suite.runs)
        of = dict(_by_concern(found))
        yield dg.MaterializeResult(
            metadata={
                "failed": sum(verdict.success is False for verdict in found),
                "failed_critical": len(blocking(found)),
                "seconds": round(perf_counter() - began, 3),
                "dagster/row_count": len(found),
            },
            check_results=[check(concern, of.get(concern, [])) for concern, _ in _by_concern(suite.expectations)],
        )
        # said here, in words: Dagster's own error of a blocking check names the check and not what to do
        if closing := blocking(found):
            raise GateClosed(closed(closing, suite.expectations))


def check(concern: str, verdicts: list[Verdict]) -> dg.AssetCheckResult:
    """One concern: failed when one of its expectations is, an ERROR (which blocks) only when a critical one is."""
    failed = [verdict for verdict in verdicts if verdict.success is False]
    is_critical = any(verdict.severity == "critical" for verdict in failed)
    rows = sorted(verdicts, key=_worst_first)
    more = [f"\n… and {len(rows) - MOST_ROWS} more in quality.results"] if len(rows) > MOST_ROWS else []
    return dg.AssetCheckResult(
        check_name=concern,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        metadata={"expectations": dg.MetadataValue.md("\n".join([HEADER, *map(_row, rows[:MOST_ROWS]), *more]))}
        | _nearest(verdicts)
        | _lowest(verdicts),
    )


def _worst_first(verdict: Verdict) -> tuple:
    return verdict.success is not False, verdict.severity, verdict.success is None, verdict.share or 0


def _nearest(verdicts: list[Verdict]) -> dict[str, float]:
    """The numbers of the verdict that is farthest below what it needs, or nearest to it: the one to watch."""
    judged = [verdict for verdict in verdicts if verdict.share is not None]
    if not judged:
        return {}
    worst = min(judged, key=lambda verdict: verdict.share - verdict.needed)
    return {
        "share": worst.share,
        "needed": max(worst.needed, 0.0),
        "judged": worst.evaluated,
        "broken": worst.failed,
        "expectations_failed": sum(verdict.success is False for verdict in verdicts),
    }


def _lowest(verdicts: list[Verdict]) -> dict[str, float]:
    """The share of the worst source of each expectation: numbers, which the UI plots over runs by itself."""
    lowest: dict[str, float] = {}
    for verdict in verdicts:
        if verdict.share is not None:
            name = f"{verdict.expectation} lowest share"
            lowest[name] = min(verdict.share, lowest.get(name, 1.0))
    return lowest


def _row(verdict: Verdict) -> str:
    word = {None: "cannot tell", True: "passed", False: verdict.severity}[verdict.success]
    subject = f" {verdict.subject}" if verdict.subject else ""
    named = ", ".join(verdict.record_ids[:MOST_NAMED])
    share = "" if verdict.share is None else percent(verdict.share)
    needed = percent(max(verdict.needed, 0))
    cells = (
        verdict.expectation + subject,
        verdict.source or "all",
        word,
        verdict.evaluated,
        verdict.failed,
        share,
        needed,
    )
    return "| " + " | ".join(cell(str(value)) for value in (*cells, named)) + " |"
