"""The one clock of a run. Nothing else in `pipelines/` may ask for the time (ruff's banned-api holds it).

FAULTLINES_NOW (ISO 8601 with an offset) sets it by hand: that is how a run is repeated to the same bytes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime


class BadMoment(ValueError):
    """A text that is no moment (--as-of, FAULTLINES_NOW). Exit code 2."""


def now() -> datetime:
    """The present moment in UTC, to the second; a FAULTLINES_NOW that parse cannot read raises BadMoment."""
    written = os.environ.get("FAULTLINES_NOW")
    if not written:
        return datetime.now(UTC).replace(microsecond=0)
    return parse(written)


def parse(text: str) -> datetime:
    """An ISO 8601 moment with an offset (or Z) as UTC; a day is its start. BadMoment says what is wrong."""
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadMoment(f"{text!r} is no moment; write 2026-11-22T06:00:00Z, or a day") from error
    if len(text) == len("2026-11-22"):
        return moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        raise BadMoment(f"{text!r} has no offset: write 2026-11-22T06:00:00Z")
    return moment.astimezone(UTC).replace(microsecond=0)


def week_of(moment: datetime) -> str:
    """The ISO week a moment falls in, as 2026-W47."""
    return moment.strftime("%G-W%V")


def last_full_week(moment: datetime) -> str:
    """The last ISO week that had ended by a moment."""
    return moment.fromordinal(moment.toordinal() - 7).strftime("%G-W%V")
