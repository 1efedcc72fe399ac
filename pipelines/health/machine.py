"""What a project stands on: the installed packages, the free disk, the writer's lock. Here: looking, nothing more."""

from __future__ import annotations

import fcntl
import re
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.health import Finding, bad, good
from pipelines.publish import generations
from pipelines.settings import ROOT, Settings

LOCK = ROOT / "requirements.lock"
NAMED = ("duckdb", "dagster", "dbt-core", "great-expectations")
LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+))?", re.MULTILINE)
SPARE_BYTES = 1 << 30


def packages() -> Finding:
    """The packages installed, held against requirements.lock."""
    other = [
        f"{name} {there or 'is missing'} (not {locked})"
        for name, locked in _locked().items()
        if (there := _installed(name)) != locked
    ]
    if other:
        return bad("packages", f"not as {LOCK.name}: {', '.join(other)}", "run `make setup`")
    return good("packages", f"as {LOCK.name}: " + ", ".join(f"{name} {version(name)}" for name in NAMED))


def _locked() -> dict[str, str]:
    from packaging.markers import Marker

    found = LINE.findall(LOCK.read_text())
    return {name: locked for name, locked, marker in found if not marker or Marker(marker).evaluate()}


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def disk(settings: Settings) -> Finding:
    """The next attempt copies the published warehouse, writes as much again while it builds, and exports Parquet."""
    needed = (
        SPARE_BYTES + 2 * _size(settings.state, generations.WAREHOUSE) + _size(settings.state, "parquet/*/*.parquet")
    )
    place = next(folder for folder in (settings.state, *settings.state.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    detail = f"{free >> 20} MiB free, the next run needs up to {needed >> 20} MiB"
    if free < needed:
        return bad("disk", detail, "make room, or keep fewer warehouses (`keep_generations`)")
    return good("disk", detail)


def _size(state: Path, pattern: str) -> int:
    newest = max(generations.numbers(state), default=0)
    return sum(path.stat().st_size for path in generations.folder(state, newest).glob(pattern))


def lock(state: Path) -> Finding:
    """Who writes the state folder. The file stays when a run ends; only a live process holds it."""
    path = state / "lock"
    if not path.exists():
        return good("lock", "no run has taken it yet")
    with open(path) as file:
        named = file.read().strip() or "unknown"
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            command = _command(named)
            if command:
                return good("lock", f"held by PID {named}, which is at work: {command}")
            detail = f"held, but not by PID {named} that it names, which has ended"
            return bad("lock", detail, f"what that run started still writes: end it (`fuser {path}` names it)")
    return good("lock", f"free; the last run had PID {named}")


def _command(pid: str) -> str:
    try:
        return Path("/proc", pid, "cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        return ""
