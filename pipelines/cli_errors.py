"""Which error means which exit code: 2 usage or configuration, 3 the warehouse, 70 a bug, 128 + n the signal n.

Here: the one list. Not here: raising them.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable


def exit_code(error: Exception, say: Callable[[str], None]) -> int:
    """Say what went wrong in one line where the user can act on it, with a traceback where only we can."""
    import duckdb

    from pipelines.clock import BadMoment
    from pipelines.contract.bundle import ContractError
    from pipelines.headless import GateClosed
    from pipelines.ingest.mapping import MappingError
    from pipelines.ingest.people import KeyMissing
    from pipelines.interrupts import Interrupted
    from pipelines.models import ModelsFailed
    from pipelines.publish.generations import NothingPublished, StateDamaged
    from pipelines.quality.rules import CatalogueError
    from pipelines.quality.worker import GateError
    from pipelines.settings import SettingsError
    from pipelines.warehouse import Locked

    if isinstance(error, Interrupted):
        say(f"faultlines: {error}")
        return 128 + error.number
    causes = []
    cause: BaseException | None = error
    while cause and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__
    for kinds, code in (
        ((SettingsError, MappingError, CatalogueError, ContractError, BadMoment), 2),
        (
            (
                Locked,
                KeyMissing,
                NothingPublished,
                ModelsFailed,
                GateClosed,
                GateError,
                StateDamaged,
                OSError,
                duckdb.Error,
            ),
            3,
        ),
    ):
        for cause in causes:
            if isinstance(cause, kinds):
                say(f"faultlines: {cause}")
                return code
    say("".join(traceback.format_exception(error)))
    say("faultlines: this is a bug; readers keep what was last published")
    return 70
