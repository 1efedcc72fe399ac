"""From the plan to files: records in shards, each made alone, by as many processes as there are cores.

Here: folders, names of files, processes. Not here: what is in a record, the truth file's shape (truth.py). A shard
depends on the plan and its own numbers only, so its bytes do not depend on who writes it, or when.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipelines.contract import bundle
from pipelines.simulate import broken, weeks
from pipelines.simulate.plain_yaml import as_yaml
from pipelines.simulate.planted import Plan
from pipelines.simulate.record import Record
from pipelines.simulate.tally import Tally

SHARD = 2000  # records; about 7 MB of NDJSON, which a reader holds in memory
SMALL = 5000  # records that are not worth the start of a second process (0.4 s)
SETTINGS = """\
# A simulated organisation: invented from the first record to the last. What is planted in it stands in truth.json.
week: {week}   # the organisation's last week; later ones hold nothing

sources:
  - name: organisation
    glob: {glob}
    reader: native
    time_zone: UTC
    trusted_times: true   # `recorded_at` is the simulator's, and decides what was known when
"""


class Shard(NamedTuple):
    """Some numbers of one kind, and the number of the shard among all."""

    index: int
    kind: str
    numbers: range


def shards(plan: Plan) -> list[Shard]:
    """All shards of the plan in the order of their numbers."""
    counts = {"incident": plan.incidents} | plan.others
    pieces = [(kind, range(n, min(n + SHARD, count))) for kind, count in counts.items() for n in range(0, count, SHARD)]
    return [Shard(index, *piece) for index, piece in enumerate(pieces, 1)]


def write(plan: Plan, out: Path, as_ndjson: bool) -> Iterator[Tally]:
    """Write all records; a tally a shard, in their order."""
    (out / "records").mkdir(parents=True)
    glob = "records/*.ndjson" if as_ndjson else "records/**/*.yml"
    week = weeks.name(plan.weeks - 1, plan.weeks)
    (out / "faultlines.yml").write_text(SETTINGS.format(week=week, glob=glob), encoding="utf-8")
    todo = shards(plan)
    if sum(len(shard.numbers) for shard in todo) <= SMALL:
        yield from (_write_shard(plan, out, as_ndjson, shard) for shard in todo)
        return
    # spawned, since a process with threads (DuckDB, a test runner) must not be forked; hence a script that calls this
    # for a large organisation needs its `if __name__ == "__main__"`
    context, cores = multiprocessing.get_context("spawn"), len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, context, initializer=_begin, initargs=(plan, out, as_ndjson)) as pool:
        yield from pool.map(_next_shard, todo)


def write_broken(plan: Plan, out: Path, as_ndjson: bool) -> list[dict]:
    """Write what does not fit the contract; where each lies, and the code it is refused with."""
    if as_ndjson:
        path = out / "records" / f"{len(shards(plan)) + 1:04d}.ndjson"
        path.write_bytes(b"".join(line + b"\n" for line, _ in broken.lines()))
        return [{"path": path.name, "line": n, "code": code} for n, (_, code) in enumerate(broken.lines(), 1)]
    for name, content, _ in broken.files():
        _put(out / "records" / "2026" / name, content)
    return [{"path": f"2026/{name}", "line": None, "code": code} for name, _, code in broken.files()]


def _begin(plan: Plan, out: Path, as_ndjson: bool) -> None:
    global _given
    _given = (plan, out, as_ndjson)


def _next_shard(shard: Shard) -> Tally:
    return _write_shard(*_given, shard)


def _write_shard(plan: Plan, out: Path, as_ndjson: bool, shard: Shard) -> Tally:
    tally, lines = Tally(), []
    for number in shard.numbers:
        record = Record(plan, shard.kind, number)
        tally.add(record)
        for revision in record.revisions:
            if as_ndjson:
                lines.append(msgspec.json.encode(revision))
            else:
                name = f"{record.facts.id}.r{revision['revision']}.yml"
                _put(out / "records" / record.facts.id.split("-")[1] / name, as_yaml(_in_order(revision)))
        for path, content in record.files.items():
            _put(out / "records" / path, content)
    if as_ndjson:
        path = out / "records" / f"{shard.index:04d}.ndjson"
        path.write_bytes(b"\n".join(lines) + b"\n")
    return tally


def _in_order(revision: dict) -> dict:
    """The sections in the order of the contract, in which people read them; lines of NDJSON are for machines."""
    return {name: revision[name] for name in bundle.load()["properties"] if name in revision}


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
