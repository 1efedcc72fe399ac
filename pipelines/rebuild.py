"""`faultlines rebuild`: the warehouse from record store, receipts and key, published as the next generation.

Here: the order of restoring, rules, models, gate and publication. Not here: any of them. The restored attempt goes the
way of every other one: the same checks block it, and Dagster's UI shows the run.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from pipelines import headless, warehouse
from pipelines.analysis import declared
from pipelines.ingest import ledger
from pipelines.publish import generations, restore
from pipelines.settings import Settings

Say = Callable[[str], None]


def rebuild(settings: Settings, say: Say, wait: bool) -> dict:
    """Publish what was kept; returns the new generation's manifest, with the `remarks` on what may not be as it was."""

    def waiting(holder: str) -> None:
        say(f"waiting for the run with PID {holder}")

    with warehouse.writing(settings.state, waiting if wait else None):
        last = generations.last_published(settings.state)
        if not last:
            raise generations.NothingPublished(
                f"{settings.state} holds no receipts; `faultlines run` makes a warehouse"
            )
        newest = restore.check(settings.state, last)
        say(f"loading {last} deliveries again from the record store …")
        attempt = generations.begin_empty(settings, last, newest.received_at, _fingerprint(settings, last))
        with warehouse.connect(settings.warehouse) as con:
            remarks = restore.load_again(con, settings, last, settings.work / "restore")
            declared.declare(con, settings)
            restore.speak_of(con, attempt.received_at, attempt.generation)
            summary = headless.unchanged(newest.summary) | {"generation": attempt.generation, "rebuilt_from": last}
            ledger.write(con, settings.state, summary, newest.declared, settings.work)
        say("checking, modelling, publishing …")
        headless.build(settings, "rebuild_warehouse")
        return generations.manifest(settings.state) | {"remarks": remarks}


def _fingerprint(settings: Settings, last: int) -> str:
    """What the last generation was made from: the same again is no news. Where it is lost, the next run looks anew."""
    for path in (
        generations.note(settings.state, last),
        generations.folder(settings.state, last) / generations.MANIFEST,
    ):
        try:
            return json.loads(path.read_bytes())["fingerprint"]
        except (FileNotFoundError, ValueError):
            continue
    return "lost"
