"""A record's chronology as phases: where each moment stands, what span it leaves open, how long until the next.

Here: texts of the contract as moments with the span they leave open. Not here: whether their order holds (the rules),
the warehouse's durations (dbt's int_phase_measures): as there, only two clock times have a distance.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipelines.ingest.times import INSTANT, STATES, is_naive
from pipelines.ingest.zones import moments as placed
from pipelines.readings.prose import run
from pipelines.readings.values import NOT_STATED, moment
from pipelines.report.print_forms import duration, words

# as they follow one another in an incident; `closed_at` is the review's, and months away
FIELDS = ("introduced_at", "impact_started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at")
CLOCK = ("minute", "second")


def spread(text: str, zone: str | None) -> tuple[datetime, datetime, str] | None:
    """First and last moment (UTC) a written time leaves open, and its precision; None for a clock time of no place."""
    match = INSTANT.fullmatch(text)
    year, month, day = int(match[1]), match[2], match[3]
    if match[4]:
        precision = "second" if match[6] else "minute"
        if is_naive(text):
            found = placed(datetime.fromisoformat(text), zone) if zone else []
            return (found[0], found[-1], precision) if found else None
        at = datetime.fromisoformat(text).astimezone(UTC)
        return at, at, precision
    first = datetime(year, int(month or 1), int(day or 1), tzinfo=UTC)
    if day:
        return first, first + timedelta(days=1), "day"
    if month:
        return first, datetime(year + int(month) // 12, int(month) % 12 + 1, 1, tzinfo=UTC), "month"
    return first, datetime(year + 1, 1, 1, tzinfo=UTC), "year"


def phases(record: dict, node: dict, zone: str | None) -> list[dict]:
    """One row for each of FIELDS: name, what is written, precision, whether estimated, and where it stands.

    `start` and `end` are minutes from the first moment of all, None where there is none to draw; `since` says how long
    after which moment, for two clock times in this order.
    """
    written = record.get("chronology", {})
    estimated = written.get("estimated", [])
    rows = []
    before: tuple[datetime, str] | None = None
    for field in FIELDS:
        text = written.get(field)
        name = node["properties"]["chronology"]["properties"][field]["title"].removesuffix(" at")
        found = spread(text, zone) if text and text not in STATES else None
        since = ""
        if found:
            is_clock = found[2] in CLOCK
            if is_clock and before and found[0] >= before[0]:
                since = f"{duration((found[0] - before[0]).total_seconds() / 60)} after {before[1].lower()}"
            before = (found[0], name) if is_clock else None
        rows.append({
            "field": field,
            "name": name,
            "value": _said(text, zone),
            "precision": found[2] if found else "",
            "is_estimated": field in estimated,
            "since": since,
            "span": found[:2] if found else None,
        })  # fmt: skip
    return _placed(rows)


def _said(text: str | None, zone: str | None) -> list[dict]:
    if text is None:
        return [run(NOT_STATED, "said")]
    return [run(words(text), "said")] if text in STATES else [run(moment(text, zone))]


def _placed(rows: list[dict]) -> list[dict]:
    first = min((row["span"][0] for row in rows if row["span"]), default=None)
    for row in rows:
        span = row.pop("span")
        ends = [(at - first).total_seconds() / 60 for at in span] if span else [None, None]
        row["start"], row["end"] = ends
    return rows


def in_words(rows: list[dict]) -> str:
    """The picture's text alternative."""
    return "; ".join(
        f"{row['name']}: {''.join(run['text'] for run in row['value'])}"
        f"{', estimated' if row['is_estimated'] else ''}{', ' + row['since'] if row['since'] else ''}"
        for row in rows
    )
