"""Which error means which exit code: 2 usage or configuration, 3 the warehouse, 4 too little data to say, 70 a bug,
128 + n the signal n.

Here: the one list. Not here: raising them.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import traceback
from collections.abc import Callable

FULL = (
    "the disk is full, and nothing was published after it was: readers keep the last generation. Free some space "
    "(a run needs twice what its warehouse takes; `keep_generations` says how many are kept) and run again"
)
NOTHING_NEW = (
    "\nnothing published, readers keep the last generation; mend what is named, or put back the version that worked, "
    "and run again"
)
# what the system says ends here with what to do
TO_DO = {
    errno.EISDIR: ": a file belongs there; move the folder away",
    errno.ENOTDIR: ": a folder belongs where it leads through a file; move that away, or name another path",
    errno.EEXIST: ": a folder belongs there; move it away, or name another path",
    errno.EACCES: ": give the user who runs Faultlines leave",
    errno.EPERM: ": give the user who runs Faultlines leave",
    errno.EROFS: ": name a place that can be written to",
    errno.ENOENT: ": make what it lies in, or name another path",
}
# DuckDB, SQLite and dbt hand the system's words on, and no number
FULL_WORDS = ("No space left on device", "disk is full", "Disk quota exceeded")


def exit_code(error: Exception, say: Callable[[str], None]) -> int:
    """Say what went wrong in one line where the user can act on it, with a traceback where only we can."""
    import duckdb

    from pipelines.checking.codes import UnknownCode
    from pipelines.clock import BadMoment
    from pipelines.contract.bundle import ContractError
    from pipelines.forget import NotHeld
    from pipelines.ingest.ledger import LedgerDamaged
    from pipelines.ingest.mapping import MappingError
    from pipelines.ingest.people import KeyMissing
    from pipelines.interrupts import Interrupted
    from pipelines.models import ModelsFailed
    from pipelines.others_words import for_terminal
    from pipelines.privacy.cleaning import blank
    from pipelines.publish.generations import NothingPublished, StateDamaged
    from pipelines.quality.rules import CatalogueError
    from pipelines.quality.verdicts import GateClosed
    from pipelines.quality.worker import GateError
    from pipelines.ranking.read import TooLittle, UnknownRecord
    from pipelines.settings import SettingsError
    from pipelines.warehouse import Locked

    if isinstance(error, Interrupted):
        say(f"faultlines: {error}")
        return 128 + error.number
    causes = _chain(error)
    if any(is_full(cause) for cause in causes):
        say(f"faultlines: {FULL}")
        return 3
    for kinds, code in (
        (
            (
                SettingsError,
                MappingError,
                CatalogueError,
                ContractError,
                BadMoment,
                UnknownCode,
                NotHeld,
                UnknownRecord,
            ),
            2,
        ),
        ((TooLittle,), 4),
        (
            (
                Locked,
                KeyMissing,
                NothingPublished,
                ModelsFailed,
                GateClosed,
                GateError,
                StateDamaged,
                LedgerDamaged,
                OSError,
                sqlite3.OperationalError,  # Dagster's run log
                duckdb.Error,
            ),
            3,
        ),
    ):
        for cause in causes:
            if isinstance(cause, kinds):
                said = f"faultlines: {_words(cause)}{NOTHING_NEW if isinstance(cause, ModelsFailed) else ''}"
                say(for_terminal(blank(said)))
                return code
    say(for_terminal(blank("".join(traceback.format_exception(error)))))
    say("faultlines: this is a bug; readers keep what was last published")
    return 70


def _words(error: BaseException) -> str:
    """An error's own words; of what the system refuses, the path first, and what to do."""
    if not isinstance(error, OSError) or not error.filename or not error.strerror:
        return str(error)
    path = error.filename2 or error.filename
    return f"{os.fsdecode(path)}: {error.strerror}{TO_DO.get(error.errno or 0, '')}"


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no space left, in whatever library's words."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(word in str(error) for word in FULL_WORDS)


def _chain(error: BaseException) -> list[BaseException]:
    """An error and what it was raised from."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__
    return causes
