"""What a failed step says in Dagster's UI: what happened in the words of the error, and what to do next.

Here: one piece of advice for each kind of error a person can act on. Not here: which exit code it has on the command
line (cli/errors.py), and the errors themselves. Nothing is tried again: the same files give the same answer.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.privacy.cleaning import blank

AGAIN = "Then start the job `build_warehouse` again, or `faultlines run`; until then readers keep the last generation."
NO_SPACE = os.strerror(errno.ENOSPC)
DISK_FULL = (
    "Make room (`faultlines doctor` says how much is free; `keep_generations` in faultlines.yml says how many old "
    f"warehouses stay). {AGAIN} What this attempt wrote is removed by the next one."
)
UNREADABLE = f"See that the file or folder named is there, and that this user may read and write it. {AGAIN}"
BUG = (
    "This is a bug of Faultlines: report it with the error below. `faultlines doctor` says whether what is published "
    "is whole."
)


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn what goes wrong inside into a Failure that names the next command; the error stays as its cause.

    Also a decorator of assets, except of those that yield: what goes wrong in a generator goes wrong later.
    """
    try:
        yield
    except dg.Failure:
        raise
    except Exception as error:
        what, advice = explained(error)
        what = blank(what)  # an error quotes what it could not take, and Dagster stores it with its causes
        raise dg.Failure(
            f"{what}\nWhat to do: {advice}", {"what_to_do": dg.MetadataValue.md(advice)}, allow_retries=False
        ) from _cleaned(error)


def _cleaned(error: BaseException) -> BaseException:
    """The error, of the same kind, with what it and its causes quote cut out; a stand-in where it says it otherwise."""
    left: list[BaseException | None] = [error]
    known: list[BaseException] = []
    while left:
        one = left.pop()
        if one is None or any(one is other for other in known):
            continue
        known.append(one)
        one.args = tuple(blank(part) if isinstance(part, str) else part for part in one.args)
        if hasattr(one, "__notes__"):
            one.__notes__ = [blank(note) for note in one.__notes__]
        if isinstance(one, OSError):
            for name in ("strerror", "filename", "filename2"):
                if isinstance(part := getattr(one, name), str):
                    setattr(one, name, blank(part))
        left += [one.__cause__, one.__context__]
    said = "\n".join(f"{type(one).__name__}: {one}" for one in known)
    return error if blank(said) == said else RuntimeError(blank(said))


def explained(error: Exception) -> tuple[str, str]:
    """What happened and what to do, by the first cause that is known; a kind nobody foresaw is a bug."""
    cause: BaseException | None = error
    while cause:
        if NO_SPACE in str(cause):  # DuckDB and dbt say it in their own errors
            return f"{cause}", DISK_FULL
        if isinstance(cause, OSError):
            return f"{cause}", UNREADABLE
        for kinds, advice in _known():
            if isinstance(cause, kinds):
                return f"{cause}", advice
        cause = cause.__cause__
    return f"{type(error).__name__}: {error}", BUG


def _known() -> list[tuple[tuple[type[Exception], ...], str]]:
    import duckdb

    from pipelines.clock import BadMoment
    from pipelines.contract.bundle import ContractError
    from pipelines.ingest.ledger import LedgerDamaged
    from pipelines.ingest.mapping import MappingError
    from pipelines.ingest.people import KeyMissing
    from pipelines.models import ModelsFailed
    from pipelines.publish.generations import NothingPublished, StateDamaged
    from pipelines.quality.rules import CatalogueError
    from pipelines.quality.verdicts import GateClosed
    from pipelines.quality.worker import GateError
    from pipelines.settings import SettingsError

    return [
        ((SettingsError,), f"Mend `faultlines.yml` where the message says. {AGAIN}"),
        (
            (MappingError,),
            f"Mend the source's SQL; `faultlines source try NAME` shows what it gives. {AGAIN}",
        ),
        ((CatalogueError, ContractError), f"Mend the file of `schemas` that the message names. {AGAIN}"),
        ((BadMoment,), f"Set FAULTLINES_NOW to a moment such as 2026-11-22T06:00:00Z, or not at all. {AGAIN}"),
        (
            (GateClosed,),
            "Open the failed checks of `quality_results`: each names source, records and shares. Mend the records or "
            "the source. If the loss is meant, `thresholds` or `least_share_kept` of the source in faultlines.yml "
            f"allows it. {AGAIN}",
        ),
        (
            (GateError,),
            "Start the job `build_warehouse` again, or `faultlines run`: Great Expectations itself gave no answer, so "
            "nothing is known of the data. If it stays, look at the expectation named in `schemas/expectations.yml`.",
        ),
        (
            (ModelsFailed,),
            "The message names the model or the data test. If `dbt_project` or `schemas` was edited, mend it there "
            "(`make test` says more); if not, `faultlines doctor` says whether the state folder is whole. " + AGAIN,
        ),
        ((KeyMissing,), f"Put `key` back into the state folder from your backup; nothing else can replace it. {AGAIN}"),
        (
            (LedgerDamaged,),
            f"Put the receipts back from a backup; `faultlines verify` names each bad line. {AGAIN}",
        ),
        ((StateDamaged,), f"`faultlines doctor` names every damaged piece. Do what the message says. {AGAIN}"),
        ((NothingPublished,), "Start the job `build_warehouse`, or `faultlines run`; then ask for the page again."),
        (
            (duckdb.Error,),
            f"`faultlines doctor` says whether disk and published files are as they should be. {AGAIN} If it stays, "
            "report it with the error below.",
        ),
    ]
