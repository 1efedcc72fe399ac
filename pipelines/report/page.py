"""Which warehouse a page speaks of, and where it goes. Not here: anything on the page."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from pipelines import clock
from pipelines.publish import generations
from pipelines.publish.past import as_known_on
from pipelines.report import weeks
from pipelines.settings import Settings, SettingsError
from pipelines.warehouse import connect


def write_page(settings: Settings, week: str | None = None, as_of: str | None = None) -> list[Path]:
    """facts.json, weekly.md and weekly.html of one ISO week; an as-of page goes into a folder of its own."""
    from pipelines.report import weekly

    _, manifest = generations.published(settings.state)
    with connect(as_known_on(settings, as_of, _say), read_only=True) as con:
        moment = known_as_of(con)
        week = checked_week(settings, week, moment)
        paths = weekly.write(con, week, moment, folder(settings, week, as_of and moment), manifest["code_version"])
    return list(paths.values())


def folder(settings: Settings, week: str, moment: datetime | None = None) -> Path:
    """Where one week's page is."""
    return settings.reports / (f"{week}-as-of-{moment:%Y%m%dT%H%M%SZ}" if moment else week)


def query_rows(
    settings: Settings, name: str, week: str | None, as_of: str | None
) -> tuple[str, list[str], list[tuple]]:
    """(SQL, columns, rows) of one figure's query."""
    from pipelines.report import queries

    with connect(as_known_on(settings, as_of, _say), read_only=True) as con:
        moment = known_as_of(con)
        if name not in queries.catalogue():
            raise SettingsError(f"there is no query {name}; the page's are {', '.join(queries.catalogue())}")
        return queries.run(con, name, checked_week(settings, week, moment), moment)


def known_as_of(con) -> datetime:
    """The moment an open warehouse speaks of."""
    return con.execute("SELECT as_of FROM raw.as_of").fetchone()[0]


def checked_week(settings: Settings, week: str | None, moment: datetime) -> str:
    """The week asked for, else the project's, else the last that had ended by the moment."""
    chosen = week or settings.week or clock.last_full_week(moment)
    try:
        weeks.monday(chosen)
    except ValueError as error:
        raise SettingsError(f"there is no ISO week {chosen!r}; write one like 2026-W46") from error
    return chosen


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
