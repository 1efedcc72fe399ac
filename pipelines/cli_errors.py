"""Which error means which exit code: 2 usage or configuration, 3 the warehouse, 70 a bug.

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
    from pipelines.ingest.ledger import LedgerDamaged
    from pipelines.ingest.mapping import MappingError
    from pipelines.ingest.people import KeyMissing
    from pipelines.models import ModelsFailed
    from pipelines.others_words import for_terminal
    from pipelines.publish.generations import NothingPublished, StateDamaged
    from pipelines.quality.rules import CatalogueError
    from pipelines.quality.verdicts import GateClosed
    from pipelines.quality.worker import GateError
    from pipelines.settings import SettingsError
    from pipelines.warehouse import Locked

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
                LedgerDamaged,
                OSError,
                duckdb.Error,
            ),
            3,
        ),
    ):
        for cause in causes:
            if isinstance(cause, kinds):
                say(for_terminal(f"faultlines: {cause}"))
                return code
    say(for_terminal("".join(traceback.format_exception(error))))
    say("faultlines: this is a bug; readers keep what was last published")
    return 70
