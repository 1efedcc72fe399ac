"""A command as a whole: wall time, CPU of all its processes, peak memory of the whole tree.

Here: starting it, waiting for it, what the kernel says of it. Not here: which command, how often, in what order.

CPU is the kernel's own account of the process and of every child it waited for. Peak memory is the greatest sum of
resident memory over the process and all below it at one moment, looked at every 50 ms: pages that two processes share
count twice, and a peak between two looks is missed. `largest` is the exact peak of the largest single process.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOK_SECONDS = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")
MB = 1 << 20


class Failed(Exception):
    """A command ended badly; the message holds the end of what it said."""


@dataclass(frozen=True)
class Measured:
    """Seconds and bytes of one command, and what it said on stdout."""

    wall: float
    cpu: float
    peak: int
    largest: int
    said: str

    def parts(self) -> dict[str, dict[str, float]]:
        """Seconds of each part, where the command says them as JSON (plain.py)."""
        return json.loads(self.said)["parts"]


def measured(words: Sequence[str], environment: dict[str, str] | None = None) -> Measured:
    """Run a command from the project's root to its end; Failed where its exit code is not 0."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        surroundings = os.environ | (environment or {})
        process = subprocess.Popen(words, cwd=ROOT, env=surroundings, stdout=out, stderr=errors)
        with _Watch(process.pid) as watch:
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise Failed(f"{' '.join(words[:6])} ended with {process.returncode}: {_end(errors) or _end(out)}")
        out.seek(0)
        said = out.read().decode(errors="replace")
    return Measured(wall, usage.ru_utime + usage.ru_stime, watch.peak, watch.largest, said)


def _end(file) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()[-600:]


class _Watch:
    """Looks at the tree below a process until told to stop."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak = pid, 0
        self.largest = 0  # not the kernel's ru_maxrss, which begins at the size of the process that forked
        self._parents: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            sizes = [resident(pid) for pid in self._tree()]
            self.peak, self.largest = max(self.peak, sum(sizes)), max(self.largest, *sizes, 0)
            self._over.wait(LOOK_SECONDS)

    def _tree(self) -> Iterator[int]:
        # a process is asked for its parent once: asking all of them at every look is a tenth of a core
        there = {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208  Path costs 5 × as much
        self._parents = {pid: self._parents.get(pid) or parent(pid) for pid in there}
        for pid in there:
            above = pid
            while above and above != self.pid:
                above = self._parents.get(above, 0)
            if above:
                yield pid


def parent(pid: int) -> int:
    """The parent of a process, 0 where it is gone."""
    try:
        # the name, in brackets, may hold anything
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def resident(pid: int) -> int:
    """Bytes of a process in memory now, 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
