"""Files that a person named, for a check or a reading: which they are, and as which source a run would read them.

What a native source of the nearest faultlines.yml holds is read as that source's: its time zone, encoding and defaults
decide what a record means. Any other file is read as a source of its own that declares nothing. Not here: reading.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from pipelines import settings
from pipelines.ingest.find import FoundFile, files_of
from pipelines.ingest.readers.native import SUFFIXES
from pipelines.settings import FILE_NAME, Settings, SettingsError, Source

STATE = ".faultlines"  # where a project without `state` keeps what it knows
Chosen = list[tuple[Source, list[FoundFile]]]


def project_of(paths: Sequence[Path], given: str | None) -> Settings | None:
    """The project given or named by FAULTLINES_PROJECT, else the nearest one above the first path, or without paths
    above here; None where none is."""
    if given or settings.named() or not paths:
        return settings.load(settings.locate(given))
    first = paths[0].absolute()
    file = settings.nearest(first if first.is_dir() else first.parent)
    return settings.load(file) if file else None


def choose(paths: Sequence[Path], project: Settings | None) -> Chosen:
    """The files under these paths, or without paths all of the project's native sources; each source once.

    SettingsError where a path is not there, is read by a mapping, or holds no record.
    """
    native = [(s, files_of(project, s)) for s in project.sources if s.reader == "native"] if project else []
    if not paths:
        return _some(native, project.file)
    by_path: dict[Path, Chosen] = {}  # a thousand files named one by one are looked up, not searched for (5 s)
    for source, found in native:
        for file in found:
            by_path.setdefault(file.absolute, []).append((source, [file]))
    chosen: dict[str, tuple[Source, dict[str, FoundFile]]] = {}
    for path in (path.absolute() for path in paths):
        if not path.exists():
            raise SettingsError(f"{path}: no such file or folder")
        if not path.is_file() and not path.is_dir():
            raise SettingsError(f"{path}: a pipe or a device, and no file of records")
        declared = by_path.get(path, []) if path.is_file() else _declared(path, native)
        for source, found in _some(declared or _alone(path, project), path):
            chosen.setdefault(source.name, (source, {}))[1].update({file.path: file for file in found})
    return [(source, list(found.values())) for source, found in chosen.values()]


def _some(chosen: Chosen, where: Path) -> Chosen:
    if not any(not file.ignored for _, found in chosen for file in found):
        raise SettingsError(f"{where}: no records here; they are files named *{', *'.join(SUFFIXES)}")
    return chosen


def _declared(path: Path, native: Chosen) -> Chosen:
    """What of the project's native sources lies in this folder."""
    inside = [(source, [one for one in found if one.absolute.is_relative_to(path)]) for source, found in native]
    return [(source, found) for source, found in inside if found]


def _alone(path: Path, project: Settings | None) -> Chosen:
    """A file or folder that no native source holds, as the one source of a project of its own."""
    if path.is_file():
        _refuse_mapped(path, project)
        source = Source(_name(path.parent), path.parent, glob.escape(path.name), "native")
        return [(source, files_of(_around(path.parent), source))]
    source = Source(_name(path), path, "**/*", "native")
    return [(source, [file for file in files_of(_around(path), source) if _is_record(file)])]


def _name(folder: Path) -> str:
    """The source's name: a folder's need not be UTF-8, and that of a source is stored."""
    return os.fsencode(folder).decode("utf-8", "backslashreplace")


def _around(folder: Path) -> Settings:
    return Settings(folder / FILE_NAME, folder / STATE, folder / STATE, ())


def _is_record(file: FoundFile) -> bool:
    """By its name: a folder holds other files too, and hidden ones."""
    name = Path(file.path)
    return name.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in name.parts)


def _refuse_mapped(path: Path, project: Settings | None) -> None:
    for source in project.sources if project else ():
        if path.is_relative_to(source.base) and path in source.base.glob(source.pattern):
            raise SettingsError(f"{path}: source {source.name} maps it; `faultlines source try {source.name}` reads it")
