"""The state folder as it lies there: key, published generation, receipts, what dead attempts left.

Here: what can be told in a second or two. Not here: what takes reading every byte (proof.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.health import BACKUP, Finding, bad, good, receipts
from pipelines.ingest import ledger, people, store
from pipelines.ingest.find import code_version
from pipelines.privacy import forgotten
from pipelines.publish import generations
from pipelines.publish.generations import REBUILD, StateDamaged
from pipelines.warehouse import connect, literal

MOST_NAMED = 3


def key(state: Path) -> Finding:
    """The key of the pseudonyms: there, whole, and nobody else's to read."""
    path = state / people.KEY_FILE
    if not path.exists():
        if not ledger.paths(state):
            return good("pseudonym key", "none yet; the first run makes it")
        return bad("pseudonym key", "missing", BACKUP)
    if path.stat().st_size != people.KEY_BYTES:
        return bad("pseudonym key", "damaged", BACKUP)
    if path.stat().st_mode & 0o077:
        return bad("pseudonym key", "can be read by others", f"chmod 600 {path}")
    return good("pseudonym key", "private")


def findings(state: Path) -> Iterator[Finding]:
    """The published generation and what belongs to it."""
    try:
        manifest = generations.manifest(state)
    except StateDamaged as error:
        what, _, fix = str(error).partition("; ")
        yield bad("published warehouse", what, fix)
        yield from receipts.findings(state, generations.last_published(state))[0]
        return
    yield from leftovers(state, manifest["generation"] if manifest else 0)
    if manifest is None:
        yield good("published warehouse", "none yet; `faultlines run` makes one")
        return
    warehouse = published_file(state, manifest)
    yield warehouse
    found, receipted = receipts.findings(state, manifest["generation"])
    yield from found
    if warehouse.is_good:
        yield from _opened(state, manifest, receipted)


def leftovers(state: Path, number: int) -> Iterator[Finding]:
    """What a dead attempt left: no damage, and the next run takes it away."""
    there = [path.name for path in (state / "work",) if path.exists()]
    there += [f"{kind} {number + 1}" for kind, path in _next(state, number).items() if path.exists()]
    if there:
        detail = f"{', '.join(there)}: of a run at work or of one that died; the next run removes what a dead one left"
        yield good("unpublished", detail)
    beyond = sorted({*generations.numbers(state), *ledger.paths(state)} - set(range(number + 2)))
    if beyond:
        detail = f"generations or receipts {', '.join(map(str, beyond))} are newer than CURRENT, which says {number}"
        fix = f"write {beyond[-1]} into {state / 'CURRENT'}; if it was set back on purpose, move them away"
        yield bad("unpublished", detail, fix)


def _next(state: Path, number: int) -> dict[str, Path]:
    return {
        "generation": generations.folder(state, number + 1),
        "receipts": store.receipts_file(state, number + 1),
    }


def published_file(state: Path, manifest: dict) -> Finding:
    """The published file is the one that was published, and nobody has written beside it."""
    number = manifest["generation"]
    path = generations.folder(state, number) / generations.WAREHOUSE
    wal = path.with_name(path.name + ".wal")
    what = f"generation {number}"
    if not path.exists():
        return bad(what, f"{path.name} is missing", REBUILD)
    if wal.exists():
        return bad(what, f"{wal.name} is there: a program wrote to a published file", f"delete it, then {REBUILD}")
    with open(path, "rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == manifest["warehouse_sha256"]
    if not same:
        return bad(what, f"{path.name} is not the file that was published", REBUILD)
    return good(what, "whole, as its manifest says")


def _opened(state: Path, manifest: dict, receipted: int) -> Iterator[Finding]:
    number = manifest["generation"]
    path = generations.folder(state, number) / generations.WAREHOUSE
    try:
        with connect(path, read_only=True) as con:
            (tags,) = con.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchone()
            made = f"storage {tags['storage_version']}, read by DuckDB {duckdb.__version__}"
            yield good("file format", made + _made_by(manifest))
            yield _in_tables(con, number, receipted)
            yield bytes_kept(con, state)
            yield from forgotten_is_gone(con, state)
    except duckdb.Error as error:
        yield bad("file format", f"DuckDB {duckdb.__version__} cannot read it: {str(error).splitlines()[0]}", REBUILD)


def _made_by(manifest: dict) -> str:
    if manifest.get("code_version") == code_version():
        return ""
    return "; made by another version of Faultlines, the next run reads and builds anew"


def _in_tables(con: duckdb.DuckDBPyConnection, number: int, receipted: int) -> Finding:
    (there,) = con.execute("SELECT count(*) FROM raw.receipts").fetchone()
    (made,) = con.execute("SELECT generation FROM raw.as_of").fetchone()
    if (made, there) != (number, receipted):
        detail = f"generation {made} with {there} receipts, not {number} with {receipted}"
        return bad("tables", detail, "`faultlines verify` says which")
    return good("tables", f"every one of {there} receipts")


def bytes_kept(con: duckdb.DuckDBPyConnection, state: Path) -> Finding:
    """Every revision was read from a file that is still in the record store."""
    held = con.execute("SELECT file_sha256, any_value(source || ' ' || path) FROM raw.revisions GROUP BY 1").fetchall()
    gone = forgotten.load(state)
    missing = [
        f"{name} ({digest[:12]})"
        for digest, name in held
        if not all(store.stored(state, kept).exists() for kept in gone.of_file(digest) or [digest])
    ]
    if missing:
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        return bad("record store", f"the bytes of {', '.join(missing[:MOST_NAMED])}{more} are missing", BACKUP)
    return good("record store", f"{len(held)} files, which hold every revision")


def forgotten_is_gone(con: duckdb.DuckDBPyConnection, state: Path) -> Iterator[Finding]:
    """An erasure that was killed on its way; nothing where nothing was ever forgotten."""
    ids = forgotten.load(state).ids
    if not ids:
        return
    listed = ", ".join(literal(each) for each in sorted(ids))
    left = con.execute(
        f"SELECT DISTINCT record_id FROM raw.revisions WHERE record_id IN ({listed}) ORDER BY 1"
    ).fetchall()
    if left:
        named = ", ".join(each for (each,) in left[:MOST_NAMED])
        yield bad("forgotten", f"{named} is not gone: the run that forgot it died", f"`faultlines forget {left[0][0]}`")
    else:
        yield good("forgotten", f"{len(ids)} records, and nothing of them is left")
