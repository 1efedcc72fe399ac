"""When the clocks of a zone were moved, as DuckDB knows it: the tables that also make the typed moment.

Here: which UTC moments a clock time of a zone can mean. Not here: what is said of one that means none or two
(times.py). Not from Python's `zoneinfo`, which reads the tables of the machine: where those are of another year than
DuckDB's (2026-11-25: eight zones disagree from autumn 2026 on) one found a time sound that the other placed elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache

import duckdb

from pipelines.settings import SettingsError
from pipelines.warehouse import literal

A_DAY = timedelta(days=1)


CHANGES = """
SELECT moment, shift
FROM (SELECT moment, timezone({zone}, timezone('UTC', moment)) - moment AS shift
      FROM (SELECT unnest(generate_series(TIMESTAMP '{first}', TIMESTAMP '{last}', INTERVAL 1 {step})) AS moment))
QUALIFY shift IS DISTINCT FROM lag(shift) OVER (ORDER BY moment)
ORDER BY moment
"""


def moments(local: datetime, zone: str) -> list[datetime]:
    """The UTC moments at which the zone's clocks showed `local`: one, none where they skipped it, two where they went
    back."""
    starts, offsets = _changes(zone, local.year)
    near = {offsets[bisect_right(starts, local + shift) - 1] for shift in (-A_DAY, A_DAY)}
    found = (local - offset for offset in near)
    return sorted(
        moment.replace(tzinfo=UTC) for moment in found if offsets[bisect_right(starts, moment) - 1] == local - moment
    )


@cache
def _changes(zone: str, year: int) -> tuple[list[datetime], list[timedelta]]:
    """From when (UTC) which offset holds, from two days before the year to two days after it."""
    first, last = datetime(year, 1, 1) - 2 * A_DAY, datetime(year + 1, 1, 1) + 2 * A_DAY
    steps = _steps(zone, first, last, "HOUR")
    exact = [steps[0]]
    for start, _ in steps[1:]:
        exact += _steps(zone, start - timedelta(hours=1), start, "SECOND")[1:]
    return [start for start, _ in exact], [offset for _, offset in exact]


def _steps(zone: str, first: datetime, last: datetime, step: str) -> list[tuple[datetime, timedelta]]:
    """The first of a row of moments, and each whose offset is not that of the one before it."""
    try:
        return _connection().execute(CHANGES.format(zone=literal(zone), first=first, last=last, step=step)).fetchall()
    except duckdb.Error as error:
        raise SettingsError(
            f"DuckDB {duckdb.__version__} knows no time zone {zone!r}; write another name of the same place"
        ) from error


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})
