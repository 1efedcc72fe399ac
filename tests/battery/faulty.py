"""Things that go wrong inside a run, put into its forked process. Not here: what must come of it."""

from __future__ import annotations

from pathlib import Path

from pipelines import models, settings
from pipelines.warehouse import connect


def model(home: str) -> None:
    """A table that models read is not as they take it to be when dbt begins."""
    build = models.build

    def over_a_broken_table(state: Path, *words: object, **options: object) -> object:
        with connect(settings.load(Path(home, settings.FILE_NAME)).warehouse) as con:
            con.execute("ALTER TABLE raw.actions RENAME COLUMN title TO titel")
        return build(state, *words, **options)

    models.build = over_a_broken_table
