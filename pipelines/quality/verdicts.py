"""What became of each expectation, source by source, in a form that people and tables read.

Here: answers of the judge as verdicts, what they forbid, and one sentence for each. Not here: Great Expectations
(judge.py), counting (shares.py), tables (history.py).
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest.readers.text import printable
from pipelines.quality.shares import RECORDS_NAMED, Share
from pipelines.quality.suite import Expectation

JOB, ANSWERS, SHARES = "suite.json", "answers.json", "shares"
MOST_SAID = 10


class GateClosed(Exception):
    """A critical expectation failed: nothing was published, readers keep the last generation. Exit code 3."""


@dataclass(frozen=True)
class Verdict:
    """One expectation on one source (None: on all). With `exception` it was not judged, which blocks like a critical
    failure; with `success` None nothing can be told from so few."""

    expectation: str
    concern: str
    source: str | None
    subject: str | None
    severity: str
    success: bool | None
    evaluated: int
    failed: int
    needed: float
    share: float | None
    exception: str | None
    record_ids: tuple[str, ...]


def read(folder: Path, suite: tuple[Expectation, ...]) -> list[Verdict]:
    """The worker's answers as verdicts, in the order of the suite. An answer that is not there is an exception."""
    job = json.loads((folder / JOB).read_text(encoding="utf-8"))
    answers = json.loads((folder / ANSWERS).read_text(encoding="utf-8"))
    known = {expectation.id: expectation for expectation in suite}
    found = [*_of_shares(job[SHARES], answers.get(SHARES), known)]
    for each in job["expectations"]:
        if each["id"] != SHARES:
            found += _of_frame(folder, known[each["id"]], answers.get(each["id"]))
    order = {name: n for n, name in enumerate(known)}
    return sorted(found, key=lambda verdict: order.get(verdict.expectation, -1))


def _of_shares(rows: list[dict], answer: dict | None, known: dict[str, Expectation]) -> list[Verdict]:
    if broken := _exception(answer):
        return [Verdict(SHARES, SHARES, None, None, "critical", False, 0, 0, 1.0, None, broken, ())]
    failed = set(answer["failed_rows"])
    return [_of_share(Share(**row), n in failed, known[row["expectation"]].concern) for n, row in enumerate(rows)]


def _of_share(share: Share, has_failed: bool, concern: str) -> Verdict:
    return Verdict(
        expectation=share.expectation,
        concern=concern,
        source=share.source,
        subject=share.subject,
        severity=share.severity,
        success=None if share.at_best is None else not has_failed,
        evaluated=share.evaluated,
        failed=share.failed,
        needed=share.needed,
        share=(share.evaluated - share.failed) / share.evaluated if share.evaluated else None,
        exception=None,
        record_ids=tuple(share.record_ids),
    )


def _of_frame(folder: Path, expected: Expectation, answer: dict | None) -> list[Verdict]:
    """One verdict on all rows, or where some fail one on each source that holds such."""
    broken = _exception(answer)
    column = expected.arguments["column"]
    about = (expected.id, expected.concern)
    target = f"{expected.frame}.{column}"
    if broken:
        return [Verdict(*about, None, target, "critical", False, 0, 0, 1.0, None, broken, ())]
    if answer["success"]:
        n = answer["evaluated"]
        return [Verdict(*about, None, target, expected.severity, True, n, 0, 1.0, 1.0 if n else None, None, ())]
    evaluated: Counter = Counter()
    names: dict[str | None, list[str]] = {}
    failed = set(answer["failed_rows"])
    with open(folder / f"{expected.frame}.csv", encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file)):
            source = row.get("source") or None
            evaluated[source] += row[column] != "" or n in failed
            if n in failed:
                names.setdefault(source, []).append(row["record_id"])
    return [
        Verdict(
            *about, source, target, expected.severity, False, evaluated[source], len(rows), 1.0,
            1 - len(rows) / evaluated[source], None, tuple(rows[:RECORDS_NAMED]),
        )
        for source, rows in sorted(names.items(), key=lambda item: str(item[0]))
    ]  # fmt: skip


def _exception(answer: dict | None) -> str | None:
    return (answer or {"exception": "the checkpoint returned no result for it"}).get("exception")


def blocking(found: list[Verdict]) -> list[Verdict]:
    """What forbids publication: critical failures, and every expectation that could not be judged."""
    return [v for v in found if v.exception or (v.success is False and v.severity == "critical")]


def said(verdict: Verdict, expected: Expectation) -> list[str]:
    """What failed, in which source, by how much, why it matters, and what to do."""
    of = f" of {verdict.source}" if verdict.source else ""
    what = f" ({verdict.subject})" if verdict.subject else ""
    counts = f"{verdict.failed} of {verdict.evaluated} failed"
    if verdict.share is not None:
        counts += f"; {percent(verdict.share)} passed, {percent(max(verdict.needed, 0))} needed"
    named = f": {', '.join(map(printable, verdict.record_ids[:MOST_SAID]))}" if verdict.record_ids else ""
    lines = [f"{verdict.expectation}{of}{what}: {counts}{named}", f"  {expected.reason}"]
    return lines + ([f"  {expected.fix}"] if expected.fix else [])


def closed(found: list[Verdict], expected: tuple[Expectation, ...]) -> str:
    """Which critical expectations failed in which source, why each is there and what to do."""
    known = {each.id: each for each in expected}
    lines = ["nothing published, readers keep the last generation; the gate is closed by"]
    for verdict in found[:MOST_SAID]:
        lines += [f"  {line}" for line in said(verdict, known[verdict.expectation])]
    if len(found) > MOST_SAID:
        lines.append(f"  … and {len(found) - MOST_SAID} more")
    return "\n".join(lines)


def percent(share: float) -> str:
    """Rounded down, so that 999 of 1,000 are never called all."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:g} %"
