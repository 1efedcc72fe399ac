"""Dagster's history of runs: how much of it is kept, and which runs have died without saying so.

Here: removing what is old, ending what is dead. Not here: who lives (health/runs.py), how the log is written
(run_log.py), the warehouse's own history (quality/history.py), generations.

A run leaves about 0.7 MB in the state folder (2026-11-25), so that one a minute would be a gigabyte a day. A run killed
with its machine stays "started" for Dagster, whose queue lets one run through at a time: until somebody ends it,
nothing that is started in the UI ever begins.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import dagster as dg
from sqlalchemy import text

from pipelines import clock
from pipelines.health import runs
from pipelines.settings import Settings

FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
# A run adds two at most, so that a backlog shrinks, and no run pays for all of it: 14 ms each (2026-11-25).
MOST_AT_ONCE = 20
DIED = (
    "The process of this run is gone: it was killed, or the machine went down. It published one whole generation or "
    "nothing; what it left half done is removed by the next run. Start the job again, unless a later run went well."
)


def tidy(instance: dg.DagsterInstance, settings: Settings) -> tuple[int, int]:
    """End the runs that died, then forget the old ones; how many of each."""
    died = end_dead(instance)
    old = outlived(instance, settings.keep_runs, settings.keep_run_days)
    forget(instance, old)
    return len(died), len(old)


def name_process(instance: dg.DagsterInstance, run_id: str) -> None:
    """Write on a run which process it lives in."""
    instance.add_run_tags(run_id, {runs.TAG: runs.process()})


def end_dead(instance: dg.DagsterInstance) -> list[str]:
    """Report the runs under way whose process is gone as failed; returns their ids."""
    died = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY)):
        run = record.dagster_run
        if runs.is_dead(record.create_timestamp, run.tags.get(runs.TAG)):
            instance.report_run_failed(run, DIED)
            died.append(run.run_id)
    return died


def outlived(instance: dg.DagsterInstance, most: int, days: int) -> list[str]:
    """The oldest finished runs that are too many or too old, at most so many as are removed at once."""
    ids = list(instance.get_run_ids(dg.RunsFilter(statuses=FINISHED)))
    before = clock.now() - timedelta(days=days)
    aged = list(instance.get_run_ids(dg.RunsFilter(statuses=FINISHED, created_before=before)))
    old = max(len(ids) - most, len(aged), 0)
    return ids[len(ids) - old :][-MOST_AT_ONCE:]


def forget(instance: dg.DagsterInstance, run_ids: Sequence[str]) -> None:
    """Remove runs with their events, checks and output; Dagster's own deletion leaves the checks and a file each."""
    if not run_ids:
        return
    log = instance.event_log_storage
    with log.index_connection() as con:
        for run_id in run_ids:
            log.delete_events_for_run(con, run_id)
            con.execute(text("DELETE FROM asset_check_executions WHERE run_id = :run_id"), {"run_id": run_id})
    for run_id in run_ids:
        shard = Path(log.path_for_shard(run_id))
        for path in shard.parent.glob(f"{shard.name}*"):  # a killed run leaves -wal and -shm beside it
            path.unlink(missing_ok=True)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        instance.run_storage.delete_run(run_id)


def drop_finished(home: Path) -> None:
    """Remove every run that has ended, and what SQLite keeps of deleted rows in its files: the table of what was set
    aside quotes records."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        forget(instance, list(instance.get_run_ids(dg.RunsFilter(statuses=FINISHED))))
    for path in home.rglob("*.db"):
        with closing(sqlite3.connect(path)) as con:
            con.execute("VACUUM")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
