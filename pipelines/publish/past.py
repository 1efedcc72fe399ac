"""The warehouse as known on some earlier moment: the same models, one row changed, built into a copy and kept.

Here: the copy and its cache. Not here: what "known on" means (the dbt model int_known_revisions, from raw.as_of).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pipelines import clock, models, prepare, warehouse
from pipelines.analysis import steps
from pipelines.contract import bundle
from pipelines.ingest import load
from pipelines.publish import generations
from pipelines.quality import gate, history
from pipelines.settings import Settings


def as_known_on(settings: Settings, moment: str | None, say: Callable[[str], None]) -> Path:
    """The warehouse file that speaks as of `moment`: the published one for now or later, else a copy built once.

    Nothing is known past the last acknowledged ingest, so a later moment is answered as of that ingest.
    """
    current, manifest = generations.published(settings.state)
    if moment is None:
        return current
    asked = clock.parse(moment)
    if asked >= datetime.fromisoformat(manifest["as_of"]):
        return current
    copy = settings.state / "as_of" / f"{asked:%Y%m%dT%H%M%SZ}-generation{manifest['generation']}.duckdb"
    if not copy.exists():
        with warehouse.writing(settings.state, lambda holder: say(f"waiting for the run with PID {holder}")):
            say(f"building the warehouse as known on {asked:%Y-%m-%d %H:%M} UTC (once) …")
            _build(settings, current, asked, copy)
    return copy


def _build(settings: Settings, current: Path, asked: datetime, copy: Path) -> None:
    prepare.manifest()
    generations.sweep(settings.state)
    settings.work.mkdir()
    shutil.copyfile(current, settings.warehouse)
    with warehouse.connect(settings.warehouse) as con:
        load.prepare(con, bundle.load())  # the generation may be of an older contract
        con.execute(f"UPDATE raw.as_of SET as_of = {warehouse.literal(asked)}")
        con.execute("CREATE OR REPLACE TABLE raw.due_records AS SELECT DISTINCT record_id FROM raw.record_events")
        gate.apply_rules(con)
        history.only_until(con, asked)
    models.build(settings.state)
    with warehouse.connect(settings.warehouse) as con:
        steps.all_of(con)
        con.execute("CHECKPOINT")
    copy.parent.mkdir(exist_ok=True)
    for older in copy.parent.glob("*.duckdb"):
        if not older.stem.endswith(copy.stem.split("-")[1]):
            older.unlink()  # a copy of another generation: its history is shorter
    os.replace(settings.warehouse, copy)
    shutil.rmtree(settings.work)
