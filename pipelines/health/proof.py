"""`faultlines verify`: record store, receipts and warehouse agree, shown by reading every byte of them.

Here: the comparisons. Not here: what rebuilds (publish/restore.py); `is_deep` lets it build the warehouse once more, in
the place of an attempt, and throws it away.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from pipelines import models, warehouse
from pipelines.analysis import declared, steps
from pipelines.health import BACKUP, Finding, bad, good, in_place, kept, receipts
from pipelines.ingest import ledger, store
from pipelines.publish import content, generations, restore
from pipelines.publish.generations import REBUILD
from pipelines.quality import gate, history
from pipelines.settings import Settings

MOST_NAMED = 5
FILES = "SELECT source, path, sha256, kind, bytes, generation FROM raw.files"


def verify(settings: Settings, is_deep: bool, say: Callable[[str], None]) -> Iterator[Finding]:
    """Every comparison, each as soon as it is made."""
    state = settings.state
    if found := in_place.folders(state):
        yield from found
        return
    path, manifest = generations.published(state)
    yield kept.key(state)
    file = kept.published_file(state, manifest)
    yield file
    found, _ = receipts.findings(state, manifest["generation"])
    yield from found
    yield stored(state)
    are_good = all(each.is_good for each in found)
    if not file.is_good:
        yield bad("tables", "not compared, since the published file is not whole", REBUILD)
        return
    with warehouse.connect(path, read_only=True) as con:
        yield kept.bytes_kept(con, state)
        yield from kept.forgotten_is_gone(con, state)
        if are_good:
            yield records(con, state, manifest["generation"])
            yield files(con, state, manifest["generation"])
        if is_deep and are_good:
            yield from built_again(con, settings, manifest, say)


def stored(state: Path) -> Finding:
    """Each file of the record store hashes to its name."""
    there = [path for path in (state / "store").glob("??/*") if path.is_file()]
    damaged = [f"store/{path.parent.name}/{path.name}" for path in there if not store.is_whole(path)]
    if damaged:
        named = ", ".join(sorted(damaged)[:MOST_NAMED])
        return bad("record store", f"{len(damaged)} of {len(there)} files are not what was kept: {named}", BACKUP)
    return good("record store", f"each of {len(there)} files hashes to its name")


def records(con: duckdb.DuckDBPyConnection, state: Path, last: int) -> Finding:
    """What the receipts say of each record is what the tables say, and the tables say nothing more."""
    wrong = []
    for number in range(1, last + 1):
        lost, added = ledger.differences(con, store.receipts_file(state, number))
        if lost or added:
            wrong.append(
                f"generation {number}: {lost} receipted and otherwise in the tables, {added} there without receipt"
            )
    if wrong:
        fix = "`faultlines rebuild` shows which of the two the kept bytes bear out"
        return bad("receipts and tables", "; ".join(wrong[:MOST_NAMED]), fix)
    return good("receipts and tables", "the same outcome for every record")


def files(con: duckdb.DuckDBPyConnection, state: Path, last: int) -> Finding:
    """Every file the receipts name is in raw.files as it was read, and no other."""
    entries = [ledger.entry(store.receipts_file(state, number)) for number in range(1, last + 1)]
    named = {
        tuple(line[name] for name in ("source", "path", "sha256", "kind", "bytes")) + (entry.generation,)
        for entry in entries
        for line in entry.files
    }
    since = {entry.generation for entry in entries if entry.declared}
    there = {row for row in con.execute(FILES).fetchall() if row[-1] in since}
    if wrong := sorted(f"{row[0]} {row[1]} of generation {row[-1]}" for row in named ^ there):
        detail = f"{len(wrong)} are not the same in both: {', '.join(wrong[:MOST_NAMED])}"
        return bad("files", detail, "`faultlines rebuild` loads what the receipts name")
    return good("files", f"{len(named)} readings, as the receipts name them")


def built_again(
    con: duckdb.DuckDBPyConnection, settings: Settings, manifest: dict, say: Callable[[str], None]
) -> Iterator[Finding]:
    """The warehouse built from store and receipts once more has the same content, table by table."""
    last = manifest["generation"]
    with warehouse.writing(settings.state, lambda holder: say(f"waiting for the run with PID {holder}")):
        say(f"building {last} deliveries again, to compare …")
        newest = restore.check(settings.state, last)
        generations.begin_empty(settings, last, newest.received_at, "compared and thrown away")
        try:
            remarks = _build(con, settings, newest)
            with warehouse.connect(settings.warehouse) as again:
                was, now = content.hashes(con), content.hashes(again)
        finally:
            shutil.rmtree(settings.work)
    other = sorted(table for table in was.keys() | now.keys() if was.get(table) != now.get(table))
    for remark in remarks:
        yield good("remark", remark)
    if other:
        yield bad("content", f"{', '.join(other)} are not what the kept bytes give", REBUILD)
    else:
        yield good("content", f"{len(was)} tables, the same when built again from the record store")


def _build(published: duckdb.DuckDBPyConnection, settings: Settings, newest: ledger.Entry) -> list[str]:
    with warehouse.connect(settings.warehouse) as con:
        remarks = restore.load_again(con, settings, newest.generation, settings.work / "restore")
        declared.declare_as_in(con, published)
        restore.speak_of(con, newest.received_at, newest.generation)
        gate.apply_rules(con)
        history.prepare(con)
    models.build(settings.state)
    with warehouse.connect(settings.warehouse) as con:
        steps.all_of(con)
    return remarks
