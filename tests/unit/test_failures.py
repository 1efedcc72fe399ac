"""What a failed step tells the operator: the error's own words and the next command, for every kind foreseen."""

from __future__ import annotations

import errno
import inspect
import os

import dagster as dg
import duckdb
import pytest

from pipelines import failures
from pipelines.cli import errors
from pipelines.ingest.people import KeyMissing
from pipelines.models import ModelsFailed
from pipelines.publish.generations import NothingPublished, StateDamaged
from pipelines.quality.verdicts import GateClosed
from pipelines.settings import SettingsError

NEXT = {
    SettingsError("faultlines.yml:3: no"): "faultlines.yml",
    KeyMissing("key is missing"): "from your backup",
    StateDamaged("CURRENT is missing"): "faultlines doctor",
    NothingPublished("nothing yet"): "faultlines run",
    ModelsFailed("model.faultlines.incidents: no"): "dbt_project",
    GateClosed("row_counts of payments"): "least_share_kept",
    duckdb.IOException("file is damaged"): "faultlines doctor",
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)): "keep_generations",
    ModelsFailed("IO Error: No space left on device"): "keep_generations",
    PermissionError(errno.EACCES, os.strerror(errno.EACCES), "records/one.yml"): "read and write",
}


@pytest.mark.parametrize("error", NEXT, ids=lambda error: f"{type(error).__name__} {error}")
def test_a_failed_step_says_what_happened_and_what_to_do_next(error: Exception) -> None:
    with pytest.raises(dg.Failure) as failed, failures.in_plain_words():
        raise error
    assert failed.value.description.startswith(str(error))
    assert NEXT[error] in failed.value.metadata["what_to_do"].value
    assert failed.value.allow_retries is False and failed.value.__cause__ is error


def test_the_kind_is_found_below_an_error_of_somebody_else() -> None:
    outer = RuntimeError("resource failed")
    outer.__cause__ = KeyMissing("key is missing")
    assert failures.explained(outer)[0] == "key is missing"


def test_an_error_that_nobody_foresaw_is_called_a_bug() -> None:
    what, advice = failures.explained(ZeroDivisionError("division by zero"))
    assert what == "ZeroDivisionError: division by zero" and advice == failures.BUG


def test_every_error_with_an_exit_code_of_its_own_has_advice() -> None:
    named = {kind.__name__ for kinds, _ in failures._known() for kind in kinds} | {"OSError"}
    listed = inspect.getsource(errors.exit_code)
    imported = {line.split()[-1] for line in listed.splitlines() if line.strip().startswith("from pipelines.")}
    # a run of Dagster waits for the lock, forgets, explains and ranks nothing, and one that is interrupted is told so
    others = {"Locked", "Interrupted", "NotHeld", "UnknownCode", "UnknownRecord", "for_terminal", "blank"}
    assert imported - others <= named


PRIVATE = "robin.field@example.org"


class Quoting(Exception):
    """Says what none of its arguments holds."""

    def __str__(self) -> str:
        return f"no place for {PRIVATE}"


@pytest.mark.parametrize(
    "error",
    [
        duckdb.ConversionException(f"Could not convert string '{PRIVATE}' to INT64"),
        FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"records/{PRIVATE}.yml"),
        SettingsError(f"{PRIVATE}: no such file"),
        Quoting(),
    ],
)
def test_what_an_error_or_its_cause_quotes_does_not_stay_in_what_dagster_stores(error: Exception) -> None:
    @dg.op
    def quoting() -> None:
        with failures.in_plain_words():
            try:
                raise error
            except Exception as cause:
                raise ModelsFailed("a model failed") from cause

    @dg.job
    def failing() -> None:
        quoting()

    with dg.DagsterInstance.ephemeral() as instance:
        run = failing.execute_in_process(instance=instance, raise_on_error=False)
        stored = [dg.serialize_value(one) for one in instance.all_logs(run.run_id)]
    assert any("STEP_FAILURE" in one for one in stored)
    assert not [one for one in stored if PRIVATE in one]
