"""Where a run can be killed: every file it opens for writing, renames, syncs or removes in the state folder and the
reports, every place that hands DuckDB a statement, every dbt model.

The list is not written here, it is taken from a run (`record`): a step that somebody adds is in it. `die` kills the
process with SIGKILL just before the first time it comes to a point; the moment after one is the moment before the
next. `half:` sets a limit on the size of files there, without Python's shield against SIGXFSZ: the kernel kills the
process in the middle of the write that is next. The product holds no hook for this: all of it is Python's audit events
and wrapped functions, in a forked process. Not here: what must hold afterwards (world.py).
"""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

REMOVALS = ("os.remove", "os.rmdir", "os.mkdir", "os.rename", "shutil.copyfile", "shutil.rmtree")
NOT_DATA = ("dagster", "dbt", "lock")
HALF_BYTES = 1  # what still goes into the file: CURRENT has two

# entered in this order; a random kill is told by the last one entered
PHASES = {
    "begin": "pipelines.publish.generations.begin",
    "read": "pipelines.ingest.run.deliver",
    "load": "pipelines.ingest.run.load",
    "receipts": "pipelines.ingest.store.write_receipts",
    "rules": "pipelines.quality.gate.apply_rules",
    "dbt": "pipelines.models.build",
    "lines": "pipelines.analysis.lines.write",
    "baselines": "pipelines.analysis.series.write",
    "nowcasts": "pipelines.analysis.nowcast.write",
    "prevention": "pipelines.analysis.prevention.write",
    "gate": "pipelines.quality.gate.found",
    "export": "pipelines.publish.assets.publish_attempt",
    "publish": "pipelines.publish.generations.publish",
    "page": "pipelines.headless._outcome",
}


def record(home: str, file: str) -> None:
    """Write every point that this process comes to into a file, once, in order."""
    seen: dict[str, None] = {}
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(point: str) -> None:
        if point not in seen:
            seen[point] = None
            os.write(handle, f"{point}\n".encode())

    _listen(home, note)


def die(home: str, point: str) -> None:
    """Kill this process at a point; `half:` before its name kills it within the write that follows."""
    is_half, name = point.startswith("half:"), point.removeprefix("half:")

    def strike(reached: str) -> None:
        if reached != name:
            return
        if not is_half:
            os.kill(os.getpid(), signal.SIGKILL)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (HALF_BYTES, HALF_BYTES))

    _listen(home, strike)


def tell_phase(file: str) -> None:
    """Keep the name of the phase this process is in, in a file."""
    handle = os.open(file, os.O_WRONLY)
    for phase, dotted in PHASES.items():
        _before(dotted, lambda *_, phase=phase: os.pwrite(handle, phase.ljust(20).encode(), 0))


def can_be_half(point: str) -> bool:
    """Whether something is written after this point and before the next."""
    return point.startswith(("open ", "sql ", "shutil.copyfile "))


def _listen(home: str, reached: Callable[[str], None]) -> None:
    """Have `reached` called with the name of each point before it happens."""
    places = (Path(home, ".faultlines").as_posix() + "/", Path(home, "reports").as_posix() + "/")

    run = os.getpid()

    def audit(event: str, arguments: tuple) -> None:
        if os.getpid() != run:  # the process of the gate, forked from this one
            return
        if event == "open":
            path, mode, flags = arguments
            if not (set(mode or "") & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR)):
                return
        elif event in REMOVALS:
            path = arguments[0]
        else:
            return
        if isinstance(path, (str, bytes, os.PathLike)):
            name = _name(os.fsdecode(path), places)
            if name:
                reached(f"{event} {name}")

    sys.addaudithook(audit)
    _before(
        "os.fsync", lambda handle: reached(f"fsync {_name(str(Path(f'/proc/self/fd/{handle}').readlink()), places)}")
    )
    _statements(reached)
    _before("dbt.task.run.ModelRunner.execute", lambda _runner, model, *_: reached(f"model {model.name}"))


def _name(path: str, places: tuple[str, str]) -> str:
    """A file's place below the state folder or the reports, without what differs from run to run; none elsewhere."""
    for place in places:
        inside = path.removeprefix(place)
        if inside != path and inside.split("/")[0] not in NOT_DATA:
            inside = re.sub(r"[0-9a-f]{64}", "HASH", inside)
            inside = re.sub(r"store/[0-9a-f]{2}\b", "store/XX", inside)
            return re.sub(r"\.\d+$", ".PID", inside)
    return ""


def _statements(reached: Callable[[str], None]) -> None:
    """Name each statement by the function and line that hands it to DuckDB."""
    import duckdb

    class Told:
        def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
            self._con = con

        def __getattr__(self, name: str) -> object:
            return getattr(self._con, name)

        def __enter__(self) -> Told:
            return self

        def __exit__(self, *_: object) -> None:
            self._con.close()

        def execute(self, *words: object) -> object:
            caller = sys._getframe(1)
            reached(f"sql {caller.f_globals['__name__']}:{caller.f_code.co_name}:{caller.f_lineno}")
            return self._con.execute(*words)

    connect = duckdb.connect

    def told(*words: object, **options: object) -> object:
        con = connect(*words, **options)
        # dbt's own connections are its adapter's: its models are points themselves
        return Told(con) if sys._getframe(1).f_globals["__name__"] == "pipelines.warehouse" else con

    duckdb.connect = told


def _before(dotted: str, act: Callable) -> None:
    """Have `act` called with the arguments of a function before it is."""
    home, _, name = dotted.rpartition(".")
    owner = _resolve(home)
    function = getattr(owner, name)

    def first(*arguments: object, **options: object) -> object:
        act(*arguments)
        return function(*arguments, **options)

    setattr(owner, name, first)


def _resolve(dotted: str) -> object:
    import importlib

    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError:
        home, _, name = dotted.rpartition(".")
        return getattr(importlib.import_module(home), name)
