"""The process in which Great Expectations works, seen from the run: start it early, hand it a folder, wait for answers.

Here: one child process and how it can fail. Not here: Great Expectations, which is only ever imported in the child
(judge.py), and what the answers mean (gate.py). A run has one worker: `start` again gives the one that is there.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.settings import ROOT

TAIL_BYTES = 2000


class GateError(RuntimeError):
    """The gate itself failed: nothing is known about the data, so nothing may be published."""


class GateWorker:
    """One worker process; its import runs beside whatever the caller does next. Leaving it as a context ends it."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the process that writes to it
        # close_fds is Popen's default and matters: a child that held the run's lock file would outlive the run's turn
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.quality.judge"],
            cwd=ROOT,
            env=os.environ | {"GX_ANALYTICS_ENABLED": "false"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            # Ctrl-C goes to the terminal's whole group: the run is interrupted, and ends its worker itself
            start_new_session=True,
        )

    def submit(self, folder: Path) -> None:
        """Hand over a folder made by gate.frames."""
        self.folder = Path(folder).resolve()
        (self.folder / "answers.json").unlink(missing_ok=True)
        self._tell(str(self.folder))

    def let_go(self) -> None:
        """Nothing more will be submitted: the process ends when it has answered, and what it holds is free for the
        models (over a million records 0.6 GB)."""
        self._tell("")

    def _tell(self, line: str) -> None:
        try:
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise self._died() from error

    def collect(self, timeout: float = 120) -> Path:
        """Wait until the folder submitted last holds its answers."""
        if self.folder is None:
            raise GateError("nothing was submitted to the quality gate")
        ends = time.monotonic() + timeout
        said = b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, ends - time.monotonic()))
            if not ready:
                self.close()
                raise GateError(f"the quality gate gave no answer within {timeout:g} seconds")
            part = os.read(self.process.stdout.fileno(), 4096)
            if not part:
                raise self._died()
            said += part
        return self.folder

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.stderr):
            stream.close()
        with contextlib.suppress(BrokenPipeError):  # it may have died before it read the last line
            self.process.stdin.close()

    def _died(self) -> GateError:
        code = self.process.wait()
        size = self.stderr.seek(0, os.SEEK_END)
        self.stderr.seek(max(0, size - TAIL_BYTES))
        tail = self.stderr.read().decode(errors="replace").strip()
        return GateError(f"the quality gate's process ended with code {code}: {tail or 'it said nothing'}")

    def __enter__(self) -> GateWorker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_running: GateWorker | None = None


def start() -> GateWorker:
    """The run's worker, started unless it is there and alive."""
    global _running
    if _running is None or _running.process.poll() is not None:
        stop()
        _running = GateWorker()
    return _running


def answered() -> Path:
    """Wait for the run's worker: the folder with its answers. GateError where nothing was handed over."""
    if _running is None:
        raise GateError("nothing was submitted to the quality gate")
    return _running.collect()


def stop() -> None:
    """End the run's worker if there is one."""
    global _running
    if _running is not None:
        _running.close()
        _running = None
