"""One record through the gate: typed, held against the contract it was written for, its times placed, its people
protected, hashed, and read as one of today's version.

Here: the order of these, the same for every reader. Not here: each of them (leaves.py, validate.py, times.py,
people.py, older.py), nor what is counted and written (deliver.py).
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from pipelines.contract import versions
from pipelines.ingest import leaves, people, times
from pipelines.ingest.faults import Fault
from pipelines.ingest.older import Older
from pipelines.ingest.shape_faults import unread_version
from pipelines.ingest.validate import Contract
from pipelines.privacy import names
from pipelines.privacy.cleaning import may_hold_secrets
from pipelines.privacy.forgotten import Forgotten, fault
from pipelines.settings import Source

# What a mapped record is unless its mapping or its source's defaults say otherwise.
IMPORTED = {"stage": "imported", "provenance": "imported"}
# A mapping that names no version says the same whatever today's is. Warehouses hold hashes of it as of the first.
UNNAMED = {"schema_version": "1.0"}
NOTHING = Forgotten()


@dataclass(frozen=True, slots=True)
class Admitted:
    """A record as it is kept, and as JSON with its keys in order; `digest` is its content hash, `field_ids` and
    `states` what is there and what is said instead, `version` the one it was written for."""

    record: dict
    written: msgspec.Raw
    digest: str
    field_ids: list[int]
    states: list[dict]
    version: str


class Gatekeeper:
    """The contract, the key of the pseudonyms and what was forgotten, for one run."""

    def __init__(self, contract: Contract, secret: bytes, forgotten: Forgotten = NOTHING) -> None:
        self.contract, self.secret, self.forgotten = contract, secret, forgotten
        self.version = versions.today(contract.schema)
        self.older = dict.fromkeys(versions.names())  # each made ready when the first record of it comes

    def admit(
        self, source: Source, record: Any, positions: Callable[[], dict]
    ) -> Admitted | tuple[list[Fault], str | None]:
        """The record, or its faults and its id if it has one. `record` is taken over and changed."""
        contract, zone = self.contract, source.time_zone
        if not isinstance(record, dict):
            return contract.faults(record, positions), None
        unnamed = False
        if self.forgotten.ids and (gone := self._forgotten_id(record)):
            return [fault()], gone
        if source.reader != "native" or source.defaults:
            # a copy: the next record gets its own
            given = (IMPORTED if source.reader != "native" else {}) | copy.deepcopy(source.defaults)
            # a field left blank gets the default; a key that is no field stays, to be refused
            record = given | {key: value for key, value in record.items() if value is not None or key not in given}
            if unnamed := source.reader != "native" and "schema_version" not in record:
                record["schema_version"] = self.version
        version, older = record.get("schema_version"), None
        if version != self.version and isinstance(version, (str, int, float)):
            if not (older := self._older(version)):
                faults = [unread_version(version, self.version, [*self.older], positions())]
                return self._said(faults, record, leaves.walk(record, contract.plan))
            contract = older.contract
        found = leaves.walk(record, contract.plan)
        faults = [] if contract.is_valid(record) else contract.faults(record, positions)
        if not faults and any(times.problem(text, zone) for text in found.naive):
            faults = times.unplaced(record, contract.schema, zone, positions)
        if faults:
            return self._said(faults, record, found)
        return self._protected(record, found, zone if found.naive else None, older, unnamed)

    def _older(self, name: str | float) -> Older | None:
        if name in self.older and self.older[name] is None:
            self.older[name] = Older(versions.older(self.contract.schema, name))
        return self.older.get(name)

    def _forgotten_id(self, record: dict) -> str | None:
        written = record.get("id")
        identity = self.clean(written) if isinstance(written, str) else None
        return identity if identity in self.forgotten.ids else None

    def _protected(
        self, record: dict, found: leaves.Leaves, decided_by: str | None, older: Older | None, unnamed: bool
    ) -> Admitted:
        pseudonyms = self._pseudonyms(found)
        for holder, key in found.persons:
            holder[key] = pseudonyms[holder[key]]
        # hashed as published: a hash of the record as written would let anybody test a guessed name against it
        written = msgspec.json.encode(record, order="sorted")
        if may_hold_secrets(written):
            record = people.protect(record, self.secret)
            written = msgspec.json.encode(record, order="sorted")
        if forms := names.all_forms(pseudonyms, self._roles):
            plan = older.contract.plan if older else self.contract.plan
            nameless = names.without_names(record, written, forms, plan)
            if nameless is not record:
                record, written = nameless, msgspec.json.encode(nameless, order="sorted")
        hashed = msgspec.json.encode(record | UNNAMED, order="sorted") if unnamed else written
        # and as of its own version: a contract that grows makes no new revision of what nobody has touched
        digest = hashlib.sha256(hashed + (decided_by or "").encode()).hexdigest()
        states = [{"field": path, "state": word} for path, word in found.states]
        version, fields = record["schema_version"], found.field_ids
        if older:
            fields, states = older.convert(record, fields, states)
            written = msgspec.json.encode(record, order="sorted")
        return Admitted(record, msgspec.Raw(written), digest, fields, states, version)

    def _pseudonyms(self, found: leaves.Leaves) -> dict[str, str]:
        given = (holder[key] for holder, key in found.persons)
        return {name: people.pseudonym(name, self.secret) for name in given if isinstance(name, str)}

    def _said(self, faults: list[Fault], record: dict, found: leaves.Leaves) -> tuple[list[Fault], str | None]:
        """Faults quote what was refused: without the names that the record gives. Nor is a whole name an id."""
        identity = _identity(record)
        if forms := names.all_forms(self._pseudonyms(found), self._roles):
            for said in faults:
                said.message, said.fix = names.in_text(said.message, forms), names.in_text(said.fix, forms)
            identity = identity and names.in_text(identity, names.of_two_parts(forms))
        return faults, identity

    @cached_property
    def _roles(self) -> frozenset[str]:
        """The contract's words for what people do and take part as: no names."""
        vocabularies = self.contract.schema.get("x-vocabularies", {})
        words = (word for name in ("functions", "participant_roles") for word in vocabularies[name])
        return frozenset(part for word in words for part in word.split("_"))

    def clean(self, text: str) -> str:
        """A text with addresses and secrets cut out."""
        return people.clean(text, self.secret)


def _identity(record: dict) -> str | None:
    identity = record.get("id")
    return identity if isinstance(identity, str) else None
