"""`faultlines forget`: the one erasure. Of a record nothing is kept any more but its id and its content hashes.

In this order, so that a run killed on the way has lost nothing of other records, and the same command goes on with it:

    1. the id goes on the list of what was forgotten: from here on ingestion refuses it (PM070)
    2. each file of the record store that ever held it is replaced by what else it gave (ingest/stand_in.py)
    3. the receipts say `quarantined` of it, in each delivery; seen stays seen, so that they still add up
    4. the warehouse is built again from store and receipts and published
    5. earlier generations, copies as-of, Dagster's runs so far and the pages that name it are deleted

Here: the order. Not here: the file it came from, which is the author's: it is refused as long as it is there.

Prices: as-of and history speak as if it had always been refused; the other records of its files are not read anew from
their first bytes; Dagster's UI shows runs from here on. Backups keep what they hold: forget it in them after a restore.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec

from pipelines import clock, headless, warehouse
from pipelines.contract import bundle
from pipelines.ingest import erase, ledger, people, store
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.validate import Contract
from pipelines.privacy import forgotten
from pipelines.publish import generations, restore
from pipelines.rebuild import rebuild
from pipelines.settings import Settings

Say = Callable[[str], None]


class NotHeld(Exception):
    """No delivery held a record of this id. Exit code 2."""


@dataclass(frozen=True)
class Held:
    """What is kept of a record: where it was read, which contents it had, and its titles, by which pages name it."""

    readings: list[tuple[str, str, int, str]]
    content_hashes: list[str]
    titles: list[str]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Source and path of every file that held it."""
        return sorted({(source, path) for source, path, _, _ in self.readings})


def held(settings: Settings, record_id: str) -> Held:
    """What the published warehouse says of the record; NotHeld where that is nothing."""
    path, _ = generations.published(settings.state)
    with warehouse.connect(path, read_only=True) as con:
        return _held(con, settings, record_id)


def forget(settings: Settings, record_id: str, say: Say, wait: bool) -> dict:
    """Erase one record; returns the new generation's manifest with the pages that were deleted and the `places` where
    sources held it."""

    def waiting(holder: str) -> None:
        say(f"waiting for the run with PID {holder}")

    with warehouse.writing(settings.state, waiting if wait else None):
        found = held(settings, record_id)
        gone = {
            "record_id": record_id, "content_hashes": found.content_hashes,
            "forgotten_at": clock.now().isoformat(), "places": found.places,
        }  # fmt: skip
        forgotten.add(settings.state, [gone])
        say(f"taking it out of {len(found.readings)} readings of its files …")
        _erase_bytes(settings, found.readings)
        for number in sorted({generation for _, _, generation, _ in found.readings}):
            _rewrite_receipts(settings.state, number, record_id)
        made = rebuild(settings, say, wait)
        _drop_earlier(settings, made["generation"])
        pages = _drop_pages(settings.reports, (record_id, *found.titles))
        return made | {"pages": pages, "places": found.places}


def _held(con: duckdb.DuckDBPyConnection, settings: Settings, record_id: str) -> Held:
    """Of the files that held it every reading, under whatever name, and every other reading of the same place."""
    name = warehouse.literal(record_id)
    readings = con.execute(
        "WITH its AS (SELECT DISTINCT f.source, f.path, f.sha256 FROM raw.receipts AS r "
        f"JOIN raw.files AS f USING (source, path, generation) WHERE r.record_id = {name}), "
        "unnamed AS (SELECT DISTINCT f.source, f.path, f.sha256 FROM raw.receipts AS r "
        "JOIN raw.files AS f USING (source, path, generation) WHERE r.record_id IS NULL "
        "AND (f.source, f.path) IN (SELECT (source, path) FROM its)) "
        "SELECT source, path, generation, sha256 FROM raw.files WHERE kind = 'read' AND sha256 NOT LIKE 'unreadable:%' "
        "AND sha256 IN (SELECT sha256 FROM its UNION SELECT sha256 FROM unnamed) ORDER BY generation, source, path"
    ).fetchall()
    hashes = con.execute(f"SELECT content_hash FROM raw.revisions WHERE record_id = {name} ORDER BY 1").fetchall()
    titles = con.execute(f"SELECT DISTINCT title FROM raw.records WHERE record_id = {name} ORDER BY 1").fetchall()
    if not readings and record_id not in forgotten.load(settings.state).ids:
        raise NotHeld(f"no delivery held a record {record_id!r}; `faultlines sql` shows ids in marts.incidents")
    return Held(readings, [one for (one,) in hashes], [one for (one,) in titles if one])


def _erase_bytes(settings: Settings, readings: list[tuple[str, str, int, str]]) -> None:
    state, scratch = settings.state, settings.work / "forget"
    keeper = Gatekeeper(Contract(bundle.load()), people.key(state, store_is_empty=False), forgotten.load(state))
    generations.sweep(state)
    lines, before = [], set()
    for number in sorted({generation for _, _, generation, _ in readings}):
        entry = ledger.entry(store.receipts_file(state, number))
        then = restore.as_declared(settings, entry, scratch / "declared")
        wanted = {(source, path) for source, path, generation, _ in readings if generation == number}
        for line in entry.files:
            if (line["source"], line["path"]) in wanted:
                file = restore.found(state, line, keeper.forgotten, number)
                source = then.by_name[line["source"]]
                lines.append(erase.replaced(state, source, file, keeper, number, scratch / "mapping", True))
                # its own bytes too: a run killed before they were deleted has left them
                before |= {file.absolute, store.stored(state, line["sha256"])}
    forgotten.add(state, lines)
    kept = {store.stored(state, line["kept"]) for line in lines}
    for path in before - kept:
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.work, ignore_errors=True)


def _rewrite_receipts(state: Path, number: int, record_id: str) -> None:
    first, *rest = ledger.lines(store.receipts_file(state, number))
    records = first["records"]
    for line in rest:
        if line.get("record_id") == record_id and "outcome" in line and line["outcome"] != "quarantined":
            records[line["outcome"]] -= 1
            records["quarantined"] += 1
            line |= {"outcome": "quarantined", "revision_id": None}
    pieces = (json.dumps(first, sort_keys=True, ensure_ascii=False).encode(), *map(msgspec.json.encode, rest))
    store.write_receipts(state, number, (piece + b"\n" for piece in pieces))


def _drop_earlier(settings: Settings, newest: int) -> None:
    for number in generations.numbers(settings.state):
        if number != newest:
            shutil.rmtree(generations.folder(settings.state, number))
    shutil.rmtree(settings.state / "as_of", ignore_errors=True)
    from pipelines import run_history

    run_history.drop_finished(headless.dagster_home(settings))


def _drop_pages(reports: Path, names: Iterable[str]) -> list[str]:
    """Delete the pages of each week whose facts name the record; returns those weeks."""
    wanted = [json.dumps(name, ensure_ascii=False)[1:-1] for name in names]
    weeks = []
    for facts in sorted(reports.glob("*/facts.json")):
        text = facts.read_text(encoding="utf-8")
        if any(name in text or json.dumps(name)[1:-1] in text for name in wanted):
            shutil.rmtree(facts.parent)
            weeks.append(facts.parent.name)
    return weeks
