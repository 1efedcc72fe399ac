"""Where things are and what is read: one `faultlines.yml`, turned into one frozen value.

Here: paths, sources, switches. Not here: reading records, and nothing that needs a heavy import, because
`faultlines run` loads this before it knows whether there is anything to do.
"""

from __future__ import annotations

import json
import os
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from pipelines.ingest.shape_faults import Positions

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
DBT_PROJECT = ROOT / "dbt_project"
FILE_NAME = "faultlines.yml"
NAMES_FILE = "fault_lines.yml"
DECIDE_MEANING = frozenset(
    ("reader", "words", "encoding", "delimiter", "nulls", "group_by", "skip", "time_zone", "trusted_times", "defaults")
)


class SettingsError(Exception):
    """`faultlines.yml` is missing or wrong; the message names file, line and field. Exit code 2."""


@dataclass(frozen=True)
class Source:
    """One declared place of records. `base` is the part of the glob before its first wildcard.

    `declared` is what of its entry decides what a file's bytes mean: when it changes, files are read again.
    """

    name: str
    base: Path
    pattern: str
    reader: str
    ignore: tuple[str, ...] = ()
    mapping: Path | None = None
    lookups: tuple[Path, ...] = ()
    word_files: tuple[Path, ...] = ()
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    nulls: tuple[str, ...] = ("",)
    group_by: str | None = None
    skip: str | None = None
    time_zone: str | None = None
    trusted_times: bool = False
    defaults: dict = field(default_factory=dict)
    least_share_kept: float = 0.5
    thresholds: tuple[dict, ...] = ()
    declared: dict = field(default_factory=dict)

    def from_here(self, path: str) -> str:
        """A file's path in the source as it can be opened from here; of a member of a zip, the path goes on inside."""
        base = from_here(self.base)
        # joined as texts: to a Path the `..` in a name inside a zip would lead to another file
        return path if base == "." else f"{base}/{path}"


@dataclass(frozen=True)
class Settings:
    """The whole of one project's `faultlines.yml`."""

    file: Path
    state: Path
    reports: Path
    declared: tuple[dict, ...]
    keep_generations: int = 5
    keep_runs: int = 500
    keep_run_days: int = 90
    week: str | None = None
    names: Path | None = None
    exposures_file: Path | None = None

    @property
    def work(self) -> Path:
        """The one attempt in hand. A fixed name: dbt's parse is only reused where its profile does not change."""
        return self.state / "work"

    @property
    def warehouse(self) -> Path:
        return self.work / "warehouse.duckdb"

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The declared sources. Resolved when asked for: who only reads the warehouse needs no records at hand."""
        return tuple(_source(self.file.parent, entry) for entry in self.declared)

    @cached_property
    def line_names(self) -> tuple[dict, ...]:
        """What people call fault lines: id, name, owner_team, note. SettingsError where the file is wrong."""
        from pipelines.analysis import names

        return names.load(self.names) if self.names else ()

    @cached_property
    def exposures(self) -> tuple[dict, ...]:
        """Exposures of series: kind, series, from_on, exposure. SettingsError where the file is wrong."""
        from pipelines.analysis import exposures

        return exposures.load(self.exposures_file) if self.exposures_file else ()

    @cached_property
    def by_name(self) -> dict[str, Source]:
        return {source.name: source for source in self.sources}


def locate(start: str | None = None) -> Path:
    """The settings file: the one given, FAULTLINES_PROJECT's, or the nearest upwards from here."""
    given = start or named()
    if given:
        path = Path(given).resolve()
        path = path / FILE_NAME if path.is_dir() else path
        if path.is_file():
            return path
        raise SettingsError(f"{path}: no such file; write one, or leave --project out to use the nearest {FILE_NAME}")
    here = Path.cwd()
    if found := nearest(here):
        return found
    raise SettingsError(
        f"no {FILE_NAME} here or above {here}; copy the one beside the README, or name one with --project"
    )


def named() -> str | None:
    """The project that the environment names."""
    return os.environ.get("FAULTLINES_PROJECT")


def nearest(here: Path) -> Path | None:
    """The settings file of this folder or of the nearest one above it that has one."""
    return next((folder / FILE_NAME for folder in (here, *here.parents) if (folder / FILE_NAME).is_file()), None)


def from_here(path: Path) -> str:
    """A path as short as it can be opened from here."""
    return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)


def checked(file: Path, schema: str) -> tuple[dict, Callable[[], Positions]]:
    """A YAML file as its schema types it, and where its parts stand; SettingsError names file, line and field."""
    from pipelines.ingest.faults import Fault
    from pipelines.ingest.readers import text, yaml_events
    from pipelines.ingest.validate import Contract

    try:
        data = text.decode(file.read_bytes())
        written = yaml_events.load(data)
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except Fault as fault:
        raise SettingsError(f"{file}:{fault.line or 1}: {fault.message}; {fault.fix}") from fault
    contract = Contract(json.loads((SCHEMAS / schema).read_text()))
    typed = contract.typed(written) if isinstance(written, dict) else written
    faults = contract.faults(typed, lambda: yaml_events.positions(data))
    if faults:
        raise SettingsError("\n".join(f"{file}:{f.line or 1}: {f.field}: {f.message}; {f.fix}" for f in faults))
    return typed, lambda: yaml_events.positions(data)


def load(file: Path) -> Settings:
    """Read and check a settings file; SettingsError names the line."""
    typed, _ = checked(file, "settings.schema.json")
    home = file.parent
    names = [entry["name"] for entry in typed["sources"]]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"{file}: two sources are named {name!r}; rows could not be told apart")
    return Settings(
        file=file,
        state=home / typed.get("state", ".faultlines"),
        reports=home / typed.get("reports", "reports"),
        declared=tuple(typed["sources"]),
        keep_generations=typed.get("keep_generations", 5),
        keep_runs=typed.get("keep_runs", 500),
        keep_run_days=typed.get("keep_run_days", 90),
        week=typed.get("week"),
        names=_names(home, typed.get("fault_lines")),
        exposures_file=home / typed["exposures"] if "exposures" in typed else None,
    )


def _names(home: Path, written: str | None) -> Path | None:
    """The file with the names of fault lines: the one declared, else NAMES_FILE beside the settings if it is there."""
    path = home / (written or NAMES_FILE)
    return path if written or path.is_file() else None


def _source(home: Path, entry: dict) -> Source:
    try:
        glob = string.Template(entry["glob"]).substitute(os.environ)
    except (KeyError, ValueError) as error:
        raise SettingsError(
            f"source {entry['name']}: glob names {error}, which the environment does not set"
        ) from error
    parts = Path(glob).parts
    fixed = next((n for n, part in enumerate(parts) if set(part) & set("*?[")), len(parts) - 1)
    if entry["reader"] != "native" and "mapping" not in entry:
        raise SettingsError(f"source {entry['name']}: reader {entry['reader']} needs a `mapping`, a SQL file")
    for path in (entry.get("mapping"), *entry.get("lookups", ()), *entry.get("word_files", ())):
        if path and not (home / path).is_file():
            raise SettingsError(f"source {entry['name']}: there is no file {home / path}")
    _check_zone(entry)
    _check_encoding(entry)
    return Source(
        name=entry["name"],
        base=home.joinpath(*parts[:fixed]),
        pattern=str(Path(*parts[fixed:])),
        reader=entry["reader"],
        ignore=tuple(entry.get("ignore", ())),
        mapping=home / entry["mapping"] if "mapping" in entry else None,
        lookups=tuple(home / path for path in entry.get("lookups", ())),
        word_files=tuple(home / path for path in entry.get("word_files", ())),
        words=entry.get("words", {}),
        encoding=entry.get("encoding", "utf-8"),
        delimiter=entry.get("delimiter", ",").replace("\\t", "\t"),
        nulls=("", *entry.get("nulls", ())),
        group_by=entry.get("group_by"),
        skip=entry.get("skip"),
        time_zone=entry.get("time_zone"),
        trusted_times=entry.get("trusted_times", False),
        defaults=entry.get("defaults", {}),
        least_share_kept=entry.get("least_share_kept", 0.5),
        thresholds=tuple(entry.get("thresholds", ())),
        declared={name: value for name, value in entry.items() if name in DECIDE_MEANING},
    )


def _check_encoding(entry: dict) -> None:
    try:
        "".encode(entry.get("encoding", "utf-8"))
    except (LookupError, ValueError) as error:
        raise SettingsError(
            f"source {entry['name']}: no text encoding {entry['encoding']!r}; write one like utf-8 or windows-1252"
        ) from error


def _check_zone(entry: dict) -> None:
    if "time_zone" not in entry:
        return
    try:
        ZoneInfo(entry["time_zone"])
        if entry["time_zone"].startswith(("localtime", "posix", "right/", "Factory")):
            raise ValueError("the machine's own zone is another one elsewhere")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"source {entry['name']}: no time zone {entry['time_zone']!r}; write one like Europe/Copenhagen"
        ) from error
