"""Older versions of the contract: what a record written for one was allowed, and how it is read as one of today's.

    schemas/versions/1.0.yml                     the moves that lead from 1.0 to the next version
    schemas/versions/postmortem-1.0.schema.json  what 1.0 allowed, frozen (freeze.py does it)

Here: reading both, and the conversion of one record that has passed its own version. Not here: choosing the version
(ingest/admit.py), judging the record (ingest/validate.py). A move that loses something a reader needs has no place
here: what cannot be said in the new shape must stay sayable in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.contract.bundle import SCHEMAS, ContractError

FOLDER = "versions"
CONVERTED = "converted"  # the state of a field whose value a conversion wrote, beside unknown and its like


@dataclass(frozen=True, slots=True)
class Move:
    """One field that stands elsewhere: key by key from the record. `entry`: the (name, word) pairs that the list entry
    it becomes begins with (None where it stays what it is)."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    entry: tuple[tuple[str, str], ...] | None

    def make(self, record: dict) -> bool:
        """Move the field in place; whether it was there and said anything."""
        holder = _holder(record, self.old)
        if holder is None or self.old[-1] not in holder:
            return False
        value = holder.pop(self.old[-1])
        if self.entry is not None:
            if not value:
                return False  # an empty group says nothing, an empty list that there are none
            value = [dict(self.entry) | value]
        target = record
        for key in self.new[:-1]:
            target = target.setdefault(key, {})
        target[self.new[-1]] = value
        return True

    @property
    def path(self) -> str:
        return ".".join(self.old)

    @property
    def place(self) -> str:
        """Where its parts stand now, as a path of the contract."""
        return ".".join(self.new) + ("[]" if self.entry is not None else "")

    def moved(self, path: str) -> str:
        """A path of the old version in the new one."""
        rest = path.removeprefix(self.path)
        return self.place + rest if rest != path and rest[:1] in ("", ".", "[") else path


@dataclass(frozen=True, slots=True)
class Version:
    """One older version: `schema` is what it allowed, today's domain packs among it, and under `x-today` what
    is allowed today; `moves` lead there."""

    name: str
    today: str
    schema: dict
    moves: tuple[Move, ...]

    def convert(self, record: dict) -> list[Move]:
        """Read a record of this version, in place, as one of today's; the moves that were made."""
        record["schema_version"] = self.today
        return [move for move in self.moves if move.make(record)]

    def moved(self, path: str, after: Move | None = None) -> str:
        """A path of this version in today's; or of the version that `after` leads to."""
        for move in self.moves[self.moves.index(after) + 1 if after else 0 :]:
            path = move.moved(path)
        return path

    def filled(self, move: Move) -> list[str]:
        """The fields of today's version that a move writes and no author did."""
        return [self.moved(f"{move.place}.{name}", after=move) for name, _ in move.entry or ()]


def today(bundle: dict) -> str:
    """The version that a bundle is of, such as 1.1."""
    (version,) = bundle["properties"]["schema_version"]["enum"]
    return version


def names(schemas_dir: Path = SCHEMAS) -> list[str]:
    """The older versions that can still be read, the oldest first."""
    found = (path.stem for path in (Path(schemas_dir) / FOLDER).glob("*.yml"))
    return sorted(found, key=lambda name: [int(part) for part in name.split(".")])


@cache
def steps(schemas_dir: Path = SCHEMAS) -> dict[str, dict]:
    """Version → its file, read once. `next` and `moves`, as schemas/versions/1.0.yml explains them."""
    import yaml

    folder = Path(schemas_dir) / FOLDER
    return {name: yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")) for name in names(schemas_dir)}


def older(bundle: dict, name: str, schemas_dir: Path = SCHEMAS) -> Version:
    """One of `names`, with the domain packs of a bundle of today: fields of packs have no version of their own, and
    packs of one's own none at all. What a pack asked for is frozen: it may come to ask for more."""
    frozen = json.loads((Path(schemas_dir) / FOLDER / f"postmortem-{name}.schema.json").read_text(encoding="utf-8"))
    then = {entry["x-domain"] for entry in frozen["allOf"] if "x-domain" in entry}
    packs = [
        entry
        for entry in bundle["allOf"]
        if "domain_fields" in entry["then"].get("properties", {})
        and not (entry.get("x-domain") in then and "required" in entry["then"])
    ]
    schema = frozen | {
        "allOf": frozen["allOf"] + packs,
        "x-domain-packs": bundle["x-domain-packs"],
        "x-today": bundle["properties"],
    }
    found = Version(name, today(bundle), schema, tuple(_moves(name, today(bundle), steps(schemas_dir))))
    _handle_as_today(found, bundle)
    return found


def _handle_as_today(version: Version, bundle: dict) -> None:
    """Every x- key of a field is today's: what is found to hold persons holds them in old records, too."""
    now = dict(nodes(bundle))
    for path, node in nodes(version.schema):
        node |= {key: value for key, value in now.get(version.moved(path), {}).items() if key.startswith("x-")}


def nodes(schema: dict, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every field of a contract by its path, groups and lists among them; a domain pack's are not."""
    for key, child in schema.get("properties", {}).items():
        inner = f"{path}.{key}" if path else key
        yield inner, child
        yield from nodes(child, inner)
    if "items" in schema:
        yield f"{path}[]", schema["items"]
        yield from nodes(schema["items"], f"{path}[]")


def _moves(name: str, until: str, written: dict[str, dict]) -> Iterator[Move]:
    while name != until:
        if name not in written:
            raise ContractError(f"schemas/{FOLDER}: nothing leads from {name} to {until}; add {name}.yml")
        for move in written[name]["moves"]:
            entry = tuple(move["as_entry"].items()) if "as_entry" in move else None
            yield Move(tuple(move["from"].split(".")), tuple(move["to"].split(".")), entry)
        name = written[name]["next"]


def _holder(record: dict, keys: tuple[str, ...]) -> dict | None:
    holder = record
    for key in keys[:-1]:
        holder = holder.get(key)
        if type(holder) is not dict:
            return None
    return holder
