"""How much there was to go wrong: exposures of series from the optional file, into the warehouse and as arrays.

    kind,series,from_week,exposure
    service,pricing-api,2025-W01,4

holds from that week on until the next line of the series; before its first line the first value holds. A series without
a line has 1 a week. Here: reading the file, raw.exposures, the array for a judgement. Not here: what it does to a rate
(baselines.py).
"""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.warehouse import insert

if TYPE_CHECKING:
    from pipelines.settings import Settings

COLUMNS = {"kind": "VARCHAR", "series": "VARCHAR", "from_on": "DATE", "exposure": "DOUBLE"}
HEAD = ["kind", "series", "from_week", "exposure"]
# 2026-11-25: with 1e300 beside 1e-300 squares overflow and the search for a range did not end
LEAST, MOST = 0.001, 1_000_000
# as the models compare names (alike in dbt_project/macros/dialect.sql)
ALIKE = r"lower(trim(regexp_replace(regexp_replace(nfc_normalize(series), '\p{Cf}', '', 'g'), '[\s\p{Z}]+', ' ', 'g')))"
KINDS = ("category", "subcategory", "domain", "source", "project", "team", "service", "near_miss")


def load(file: Path) -> tuple[dict, ...]:
    """The rows of a file of exposures, in its order; SettingsError names file and line of what is wrong."""
    from pipelines.settings import SettingsError

    try:
        lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: byte 0x{error.object[error.start]:02X} is not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise SettingsError(f"{file}: not CSV: {error}") from error
    if not lines or lines[0] != HEAD:
        raise SettingsError(f"{file}:1: the first line has to be {','.join(HEAD)}")
    rows: dict[tuple, dict] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line:
            try:
                row = _row(line)
            except ValueError as error:
                raise SettingsError(f"{file}:{number}: {error}") from error
            if rows.setdefault((row["kind"], row["series"], row["from_on"]), row) is not row:
                raise SettingsError(f"{file}:{number}: this series has a line for that week already; keep one")
    return tuple(rows.values())


def _row(line: list[str]) -> dict:
    if len(line) != len(HEAD):
        raise ValueError(f"{len(line)} values where {len(HEAD)} belong ({', '.join(HEAD)})")
    kind, series, week, exposure = (value.strip() for value in line)
    if kind not in KINDS:
        raise ValueError(f"kind: `{kind}` is none of {', '.join(KINDS)}")
    if not series:
        raise ValueError("series: a name is missing")
    try:
        year, number = week.split("-W")
        from_on = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise ValueError(f"from_week: `{week}` is no ISO week; write it as 2026-W46") from None
    try:
        value = float(exposure)
    except ValueError:
        value = math.nan
    if not LEAST <= value <= MOST:
        raise ValueError(f"exposure: `{exposure}` is no number from {LEAST} to {MOST:,}; count it in another unit")
    return {"kind": kind, "series": series, "from_on": from_on.isoformat(), "exposure": value}


def declare(con, settings: Settings) -> None:
    """raw.exposures: what the file says now."""
    con.execute("DELETE FROM raw.exposures")
    insert(con, "raw.exposures", COLUMNS, list(settings.exposures))


def of_series(con, kind: str, names: dict[str, int], mondays: list[date]):
    """Exposure of each series (name -> row) in each week (a column); None where the file says nothing of the kind.

    Names are compared as written, those of teams and services as the series have them: without case, spare blanks and
    what nobody sees.
    """
    import numpy as np

    said = con.execute(
        f"SELECT {ALIKE}, from_on, exposure, series FROM raw.exposures WHERE kind = ? ORDER BY series, from_on",
        [kind],
    ).fetchall()
    if not said:
        return None
    exposure, weeks, seen = np.ones((len(names), len(mondays))), np.array(mondays, dtype="datetime64[D]"), set()
    for alike, from_on, value, written in said:
        row = names.get(written, names.get(alike))
        if row is not None:
            since = np.datetime64(from_on) if row in seen else weeks[0]  # the first value holds before its line, too
            exposure[row, weeks >= since] = value
            seen.add(row)
    return exposure
