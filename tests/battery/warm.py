"""The command line in processes that start warm: a server that has imported everything forks one for each call.

    python -m tests.battery.warm        calls as JSON lines on stdin, what became of each as JSON lines on stdout

A command of its own pays 8 CPU-seconds, more than half of it for imports; kill -9 five hundred times is affordable only
without. What a forked process does is what the command does, in the same state folder, until it ends or is killed: no
connection and no thread of ours is open when it is forked. Great Expectations' process is forked too, from the same
imports. Here: the server, the fork, and `Warm`, which tests hold. Not here: what is killed where (points.py, kills.py).
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "dagster", "dagster_dbt", "dbt.cli.main", "dbt.adapters.duckdb.connections", "great_expectations", "duckdb",
    "pipelines.cli", "pipelines.cli.errors", "pipelines.definitions", "pipelines.headless", "pipelines.quality.judge",
    "pipelines.report.weekly",
)  # fmt: skip


@dataclass
class Ended:
    """How a call ended, as subprocess says it: a negative code is a signal's."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float


@dataclass
class Call:
    """One call under way: `pid` is its process, the leader of a session of its own."""

    warm: Warm
    number: int
    pid: int
    started: float = field(default_factory=time.monotonic)

    def wait(self, timeout: float = 240) -> Ended:
        """Until it has ended; TimeoutError after `timeout` seconds."""
        while self.number not in self.warm.ended:
            self.warm.hear(timeout - (time.monotonic() - self.started))
        code, seconds = self.warm.ended.pop(self.number)
        out, err = (self.warm.said(self.number, name).read_text(errors="replace") for name in ("out", "err"))
        return Ended(code, out, err, seconds)

    def is_over(self) -> bool:
        """Whether it has ended, without waiting."""
        self.warm.hear(0)
        return self.number in self.warm.ended


class Warm:
    """The server seen from a test."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.ended: dict[int, tuple[int, float]] = {}
        self._pids: dict[int, int] = {}
        self._last = 0
        # a session of its own: who kills the test's group must not leave calls without their parent
        self._server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.battery.warm", self._folder.name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )

    def start(self, home: Path, *words: str, wrap: list | None = None, **environment: str) -> Call:
        """`faultlines WORDS --project HOME`; `wrap` names a function of the tests, and its arguments, that is called in
        the process before."""
        self._last += 1
        asked = {
            "number": self._last,
            "words": [*(words or ("run",)), "--project", str(home)],
            "environment": dict(os.environ) | environment,
            "wrap": wrap,
        }
        self._server.stdin.write(json.dumps(asked).encode() + b"\n")
        self._server.stdin.flush()
        while self._last not in self._pids:
            self.hear(120)
        return Call(self, self._last, self._pids.pop(self._last))

    def run(self, home: Path, *words: str, wrap: list | None = None, **environment: str) -> Ended:
        """The same, to its end."""
        return self.start(home, *words, wrap=wrap, **environment).wait()

    def said(self, number: int, name: str) -> Path:
        return Path(self._folder.name) / f"{number}.{name}"

    def hear(self, timeout: float) -> None:
        """Take in one line of the server's, if one comes in time."""
        if not select.select([self._server.stdout], [], [], max(0, timeout))[0]:
            if timeout <= 0:
                return
            raise TimeoutError(f"nothing heard for {timeout:.0f} s")
        line = b""
        while not line.endswith(b"\n"):  # unbuffered: select must see what is left
            piece = os.read(self._server.stdout.fileno(), 1)
            if not piece:
                raise RuntimeError("the warm server has died")
            line += piece
        heard = json.loads(line)
        if "pid" in heard:
            self._pids[heard["number"]] = heard["pid"]
        else:
            self.ended[heard["number"]] = (heard["code"], heard["seconds"])

    def close(self) -> None:
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()
        self._folder.cleanup()


def serve(folder: Path) -> None:
    """Fork a process for each line until stdin ends."""
    for name in HEAVY:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    running: dict[int, tuple[int, float]] = {}
    while True:
        ready, _, _ = select.select([0], [], [], 0.02 if running else None)
        if ready:
            line = _line()
            if not line:
                return
            asked = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _become(asked, folder)
            running[pid] = (asked["number"], time.monotonic())
            print(json.dumps({"number": asked["number"], "pid": pid}), file=answers, flush=True)
        for pid in list(running):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                number, started = running.pop(pid)
                code = os.waitstatus_to_exitcode(status)
                seconds = round(time.monotonic() - started, 3)
                print(json.dumps({"number": number, "code": code, "seconds": seconds}), file=answers, flush=True)


def _line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            return b""
        line += piece
    return line


def _become(asked: dict, folder: Path) -> None:
    """This forked process becomes the command."""
    os.setsid()
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(folder / f"{asked['number']}.{name}", os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _talk_through_0_1_2()
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    try:
        from pipelines import cli
        from pipelines.quality import worker

        worker.subprocess = _Forking
        if asked["wrap"]:
            (module, _, name), *arguments = asked["wrap"][0].partition(":"), *asked["wrap"][1:]
            getattr(importlib.import_module(module), name)(*arguments)
        sys.argv = ["faultlines", *asked["words"]]
        cli.main()
    finally:
        os._exit(99)


def _talk_through_0_1_2() -> None:
    # closefd: an older object over the same number would close it when it goes
    sys.stdin, sys.stdout, sys.stderr = (open(n, mode, closefd=False) for n, mode in enumerate("rww"))  # noqa: SIM115


class _Forked:
    """Popen's part that quality/worker.py uses: Great Expectations' process, forked from what is imported already."""

    def __init__(self, _words: list[str], stderr: object, **_: object) -> None:
        (inside, self_in), (self_out, outside) = os.pipe(), os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()  # as start_new_session
            signal.set_wakeup_fd(-1)
            for number, at in ((inside, 0), (outside, 1), (stderr.fileno(), 2)):
                os.dup2(number, at)
            os.closerange(3, 256)
            _talk_through_0_1_2()
            try:
                importlib.import_module("pipelines.quality.judge").main()
            finally:
                os._exit(1)
        os.close(inside)
        os.close(outside)
        self.stdin, self.stdout = os.fdopen(self_in, "wb"), os.fdopen(self_out, "rb", 0)

    def poll(self) -> int | None:
        return self._reap(os.WNOHANG)

    def wait(self) -> int:
        return self._reap(0)

    def kill(self) -> None:
        os.kill(self.pid, 9)

    def _reap(self, how: int) -> int | None:
        if self.returncode is None and os.waitpid(self.pid, how)[0]:
            self.returncode = -9
        return self.returncode


class _Forking:
    PIPE = subprocess.PIPE
    Popen = _Forked


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
