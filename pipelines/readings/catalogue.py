"""schemas/readings.yml: which reader is shown which sections, checked against the contract.

Here: reading it. Not here: what a record says in them (parts.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.contract.bundle import ContractError
from pipelines.settings import SCHEMAS

PATH = SCHEMAS / "readings.yml"
WHOLE = "whole"
KINDS = ("prose", "fields", "entries", "table", "items", "picture", "pack")


@dataclass(frozen=True)
class Section:
    """One section: `parts` as they are written."""

    name: str
    title: str
    readers: tuple[str, ...]
    parts: tuple[dict, ...]


@dataclass(frozen=True)
class Catalogue:
    """Readers with their title and what they are shown, and all sections in order."""

    readers: dict[str, dict[str, str]]
    sections: tuple[Section, ...]

    def of(self, reader: str) -> list[Section]:
        """The sections a reader is shown."""
        return [section for section in self.sections if reader in section.readers]


@cache
def load(path: Path = PATH) -> Catalogue:
    """Read the catalogue; ContractError names a section whose reader or kind of part does not exist."""
    from pipelines.ingest.readers import yaml_events

    written = yaml_events.load(path.read_text(encoding="utf-8"))
    sections = tuple(
        Section(name, entry["title"], tuple(entry["readers"]), tuple(entry["parts"]))
        for name, entry in written["sections"].items()
    )
    for section in sections:
        if unknown := set(section.readers) - written["readers"].keys():
            raise ContractError(f"{path.name}: section {section.name}: there is no reader {min(unknown)}")
        for part in section.parts:
            if sum(kind in part for kind in KINDS) != 1:
                raise ContractError(f"{path.name}: section {section.name}: a part is one of {', '.join(KINDS)}")
    return Catalogue(written["readers"], sections)


def node(schema: dict, path: str) -> dict:
    """The place of the contract a path such as `analysis.tests.slice` leads to, lists passed through; ContractError."""
    here = schema
    for key in path.split("."):
        here = here.get("items", here)
        if key not in here.get("properties", {}):
            raise ContractError(f"{PATH.name}: the contract has no field {path}")
        here = here["properties"][key]
    return here
