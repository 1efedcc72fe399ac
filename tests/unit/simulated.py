"""Simulated organisations for tests: written once a session, read back from the files as anybody would.

Here: writing and reading. Not here: assertions, and no peeking into the simulator's own plan.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from pipelines.simulate import simulate


@dataclass
class Organisation:
    """One written organisation: its folder, its truth, and its records as the files hold them."""

    folder: Path

    @classmethod
    def written(cls, folder: Path, incidents=400, seed=1, weeks=156, is_null=False, as_ndjson=True) -> Organisation:
        simulate(folder, incidents, seed, weeks, is_null, as_ndjson)
        return cls(folder)

    @cached_property
    def truth(self) -> dict:
        return json.loads((self.folder / "truth.json").read_text())

    @cached_property
    def revisions(self) -> list[dict]:
        """Every good record of an organisation of NDJSON; the last shard holds the bad ones."""
        *shards, _ = sorted((self.folder / "records").glob("*.ndjson"))
        return [msgspec.json.decode(line) for shard in shards for line in shard.read_bytes().splitlines()]

    @cached_property
    def records(self) -> dict[str, dict]:
        """The last revision of each record."""
        return {revision["id"]: revision for revision in self.revisions}

    @cached_property
    def first_written(self) -> dict[str, dict]:
        return {revision["id"]: revision for revision in reversed(self.revisions)}

    @property
    def incidents(self) -> list[dict]:
        return [record for record in self.records.values() if record["record_kind"] == "incident"]

    @property
    def digest(self) -> str:
        """One hash over the names and bytes of all files."""
        whole = hashlib.sha256()
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            whole.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes())
        return whole.hexdigest()


def started_on(record: dict) -> str:
    return record["chronology"]["impact_started_at"][:10]


def triples(record: dict) -> set[tuple[str, str, str]]:
    """(root-cause code, artifact, factor) of a record that names all three."""
    names = {one["id"]: one["name"] for one in record.get("context", {}).get("artifacts", [])}
    return {
        (cause["code"], names[artifact], factor["code"])
        for cause in record.get("root_causes", [])
        for artifact in cause.get("artifacts", [])
        for factor in record.get("contributing_factors", [])
    }


def in_scope(record: dict, scope: dict) -> bool:
    codes = {cause["code"] for cause in record.get("root_causes", [])}
    return scope["service"] in record["scope"]["services"] and scope["code"] in codes
