"""Ingestion as one step: what changed since the published generation, read, loaded and receipted.

Here: the order of find, deliver, load and receipts. Not here: Dagster, and each of those steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import duckdb

from pipelines.analysis import declared
from pipelines.contract import bundle
from pipelines.ingest import erase, ledger, people
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.deliver import deliver, kept
from pipelines.ingest.find import FoundFile, find, recipe
from pipelines.ingest.lift import lift
from pipelines.ingest.load import declare, load, prepare
from pipelines.ingest.validate import Contract
from pipelines.privacy import forgotten
from pipelines.publish.generations import Attempt
from pipelines.settings import Settings


@dataclass(frozen=True)
class Changes:
    """Files to read, files that are gone, and how many stayed as they were."""

    read: list[FoundFile]
    removed: list[tuple[str, str]]
    unchanged: int


def changes(con: duckdb.DuckDBPyConnection, settings: Settings) -> Changes:
    """What is on disk, held against the last reading of each file."""
    last = {
        (source, path): (sha256, how, kind)
        for source, path, sha256, how, kind in con.execute(
            "SELECT source, path, arg_max(sha256, generation), arg_max(recipe, generation), arg_max(kind, generation) "
            "FROM raw.files GROUP BY ALL HAVING arg_max(kind, generation) <> 'removed'"
        ).fetchall()
    }
    recipes = {source.name: recipe(source) for source in settings.sources}
    found = find(settings)
    read = [file for file in found if last.get((file.source, file.path)) != _state(file, recipes)]
    removed = sorted(last.keys() - {(file.source, file.path) for file in found})
    return Changes(read, removed, len(found) - len(read))


def _state(file: FoundFile, recipes: dict[str, str]) -> tuple[str, str, str]:
    return file.sha256, recipes[file.source], "ignored" if file.ignored else "read"


def ingest(con: duckdb.DuckDBPyConnection, settings: Settings, attempt: Attempt) -> dict:
    """Bring the attempt's warehouse up to the files on disk; returns the run's summary, also its first receipt.

    Counts are of records: seen = accepted + unchanged + duplicate + conflicted + quarantined. Files removed and
    ignored, records tombstoned and what a source's `skip` leaves out are counted apart; so are records `kept` though
    their file no longer shows them, because something of that file is set aside.
    """
    schema = bundle.load()
    sections = prepare(con, schema)
    lift(con, schema, sections, settings.work / "lifted.ndjson")
    changed = changes(con, settings)
    is_empty = con.execute("SELECT count(*) FROM raw.revisions").fetchone() == (0,)
    secret = people.key(settings.state, store_is_empty=is_empty)
    keeper = Gatekeeper(Contract(schema), secret, forgotten.load(settings.state))
    folder = settings.work / "delivery"
    keep = partial(kept, settings.state)
    delivery = deliver(settings.sources, keeper, keep, folder, changed.read, changed.removed)
    erase.from_delivery(con, settings.state, delivery, keeper, attempt.generation)
    declare(con, settings.sources)
    declared.declare(con, settings)
    load(con, schema, sections, delivery, attempt)
    summary = _summary(con, changed, attempt)
    ledger.write(con, settings.state, summary, ledger.declared(settings), folder)
    return summary


def _summary(con: duckdb.DuckDBPyConnection, changed: Changes, attempt: Attempt) -> dict:
    now = con.execute(f"SELECT outcome, count(*) FROM raw.receipts WHERE generation = {attempt.generation} GROUP BY 1")
    counted = dict.fromkeys(("accepted", "unchanged", "duplicate", "conflicted", "quarantined"), 0) | dict(
        now.fetchall()
    )
    # files not read now: their records are unchanged, and what they hold in quarantine stays there
    untouched, still_aside, ignored, skipped = con.execute(
        f"""SELECT coalesce(sum(records) FILTER (last < {attempt.generation}), 0)::BIGINT,
                  coalesce(sum(quarantined) FILTER (last < {attempt.generation}), 0)::BIGINT,
                  count(*) FILTER (kind = 'ignored'), coalesce(sum(skipped), 0)::BIGINT
           FROM (SELECT max(generation) AS last, arg_max(records, generation) AS records,
                        arg_max(quarantined, generation) AS quarantined, arg_max(kind, generation) AS kind,
                        arg_max(skipped, generation) AS skipped
                 FROM raw.files GROUP BY source, path)
           WHERE kind <> 'removed'"""
    ).fetchone()
    counted["unchanged"] += untouched
    counted["quarantined"] += still_aside
    (kept,) = con.execute(
        "SELECT count(*) FROM (SELECT source, path, record_id FROM carried_now "
        "EXCEPT SELECT source, path, record_id FROM incoming)"
    ).fetchone()
    (tombstones,) = con.execute("SELECT count(DISTINCT record_id) FROM gone WHERE is_last").fetchone()
    files = {"read": sum(not file.ignored for file in changed.read), "unchanged": changed.unchanged}
    return {
        "generation": attempt.generation,
        "received_at": attempt.received_at.isoformat(),
        "files": files | {"removed": len(changed.removed), "ignored": ignored},
        "records": {"seen": sum(counted.values())} | counted,
        "skipped": skipped,
        "kept": kept,
        "tombstones": tombstones,
    }
