"""Records at hand: those of files that were named, or those the published warehouse holds under their ids.

Here: admitting them, by ingestion's own readers and gatekeeper. Not here: which files are meant (ingest/chosen.py),
what is made of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import settings
from pipelines.contract import bundle
from pipelines.ingest import files, people
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.chosen import choose, project_of
from pipelines.ingest.faults import Fault
from pipelines.ingest.find import FoundFile
from pipelines.ingest.readers import native
from pipelines.ingest.readers.text import printable
from pipelines.ingest.validate import Contract
from pipelines.publish.past import as_known_on
from pipelines.settings import Settings, SettingsError, Source
from pipelines.warehouse import connect

# What is known of a record on the warehouse's moment is decided by the models: marts.incidents names the revision.
KNOWN = """
SELECT record_id, revisions.record, revisions.content_hash, revisions.time_zone
FROM marts.incidents JOIN raw.revisions USING (record_id, revision_id)
{wanted}
ORDER BY record_id
"""
PSEUDONYM = re.compile(rb"person-[0-9a-f]{12}")


@dataclass(frozen=True)
class Held:
    """One record as it is kept (persons are pseudonyms). `place` is its file and line, or its id in the warehouse;
    `zone` where its clock times without an offset belong; `known_as_of` the moment it speaks of, as written."""

    record: dict
    digest: str
    place: str
    zone: str | None
    known_as_of: str | None


@dataclass(frozen=True)
class SetAside:
    """A document that is no record of the contract; `lines` say why, as a compiler would."""

    lines: tuple[str, ...]


def named(
    what: Iterable[str], project: str | None, as_of: str | None, say: Callable[[str], None]
) -> Iterator[Held | SetAside]:
    """The records of words a person typed: a word that is a file or folder is one, any other an id of the warehouse;
    without words, all that the warehouse knows."""
    words = list(what)
    paths = [Path(word) for word in words if Path(word).exists()]
    ids = [word for word in words if not Path(word).exists()]
    if paths and not ids:
        if as_of:
            raise SettingsError("--as-of asks the warehouse, and only files are named; name records by their ids")
        yield from of_files(project_of(paths, project), paths)
        return
    found = settings.load(settings.locate(project))
    yield from of_files(found, paths)
    yield from of_warehouse(as_known_on(found, as_of, say), ids or None)


def of_files(project: Settings | None, paths: Sequence[Path]) -> Iterator[Held | SetAside]:
    """Every record of the files and folders, as a run would read them. SettingsError where there is none."""
    secret = _key(project)
    keeper = Gatekeeper(Contract(bundle.load()), secret or secrets.token_bytes(people.KEY_BYTES))
    for source, found in choose(paths, project) if paths else ():
        for file in found:
            if not file.ignored:
                yield from _of_file(keeper, source, file, secret is not None)


def _key(project: Settings | None) -> bytes | None:
    """The project's key, so that a person is the same word as in its warehouse."""
    there = project is not None and (project.state / people.KEY_FILE).exists()
    return people.key(project.state, store_is_empty=False) if there else None


def _of_file(keeper: Gatekeeper, source: Source, file: FoundFile, is_keyed: bool) -> Iterator[Held | SetAside]:
    name = source.from_here(file.path)
    try:
        if file.problem:
            raise file.problem
        with files.opened(file.absolute, file.member, source.encoding) as stream:
            for item in native.read(file.path, stream):
                yield _admitted(keeper, source, name, item, is_keyed)
    except Fault as fault:
        yield _set_aside(keeper, name, [fault])


def _admitted(keeper: Gatekeeper, source: Source, name: str, item: native.Document | Fault, is_keyed: bool):
    if isinstance(item, Fault):
        return _set_aside(keeper, name, [item])
    found = keeper.admit(source, item.record, item.positions)
    if not isinstance(found, Admitted):
        return _set_aside(keeper, name, found[0])
    written = bytes(found.written)
    digest = found.digest
    if not is_keyed:
        # made with a key of the moment: the next reading would say other words of the same persons
        written = PSEUDONYM.sub(b"person", written)
        digest = hashlib.sha256(written).hexdigest()
    record = json.loads(written)
    return Held(record, digest, f"{name}:{item.line}", source.time_zone, record.get("recorded_at"))


def _set_aside(keeper: Gatekeeper, name: str, faults: list[Fault]) -> SetAside:
    """What was refused is quoted: as clean as what is taken in."""
    lines = (
        f"{printable(name)}:{fault.line or 1}:{fault.column or 1}: {fault.code} "
        f"{fault.field or ''}: {keeper.clean(fault.message)}; {keeper.clean(fault.fix)}"
        for fault in faults
    )
    return SetAside(tuple(lines))


def of_warehouse(warehouse: Path, ids: Iterable[str] | None = None) -> list[Held]:
    """The records known in a warehouse, in the order of the ids; all of them, by id, where none are given.

    SettingsError names the ids it does not hold.
    """
    with connect(warehouse, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        (as_of,) = con.execute("SELECT strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') FROM raw.as_of").fetchone()
        wanted = "" if ids is None else "WHERE incidents.record_id IN (SELECT unnest($ids))"
        rows = con.execute(KNOWN.format(wanted=wanted), {} if ids is None else {"ids": list(ids)}).fetchall()
    found = {name: Held(json.loads(record), digest, name, zone, as_of) for name, record, digest, zone in rows}
    if absent := [name for name in ids or () if name not in found]:
        raise SettingsError(f"neither a file nor a record that is known: {', '.join(absent)}")
    return [found[name] for name in (found if ids is None else dict.fromkeys(ids))]
