"""A run without a browser: look for changes, and only when there are some start Dagster, in this process.

Here: the order of scan, lock, job and page, and what a run says at its end. Not here: any step of the job.
Every run is recorded in the state folder's DAGSTER_HOME, so that the UI shows it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines import clock, interrupts, run_log, warehouse
from pipelines.ingest import store
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.quarantine import as_lines, open_faults
from pipelines.ingest.readers.text import printable, shortened
from pipelines.publish import generations
from pipelines.settings import ROOT, Settings, from_here

Say = Callable[[str], None]
MOST_SHOWN = 10
WORDS = ROOT / "queries" / "unmapped_words.sql"
OUTCOMES = ("accepted", "unchanged", "duplicate", "conflicted", "quarantined")


@dataclass(frozen=True)
class Outcome:
    """What a run did: the published generation's manifest, its receipt summary, and where the page is."""

    is_new: bool
    manifest: dict
    summary: dict
    page: Path
    settings: Settings

    @property
    def quarantined(self) -> int:
        return self.summary["records"]["quarantined"]

    def facts(self) -> dict:
        return {
            "new": self.is_new,
            "page": str(self.page),
            **self.summary,
            "as_of": self.manifest["as_of"],
            "snapshot": self.manifest["snapshot"],
        }

    def text(self) -> str:
        records = self.summary["records"]
        parts = " + ".join(f"{records[name]} {name}" for name in OUTCOMES)
        known = f"known as of {self.manifest['as_of']}"
        number = self.manifest["generation"]
        if self.is_new:
            # receipts of before 2026-11-25 count neither
            skipped, kept = self.summary.get("skipped"), self.summary.get("kept")
            lines = [
                f"records: {records['seen']} seen = {parts}; {self.summary['tombstones']} gone"
                + (f"; {skipped} skipped" if skipped else "")
                + (f"; {kept} kept, which files with something set aside no longer show" if kept else ""),
                f"generation {number} published, {known}",
            ]
        else:
            lines = [f"nothing new since generation {number}, {known}; {self.quarantined} in quarantine"]
        return "\n".join([*lines, f"page: {from_here(self.page)}"])


def run(settings: Settings, say: Say, wait: bool, is_full: bool = False) -> Outcome:
    """Bring the published warehouse and the week's page up to what is on disk; `is_full` even if nothing changed."""

    def waiting(holder: str) -> None:
        say(f"waiting for the run with PID {holder}")

    with interrupts.heard(), warehouse.writing(settings.state, waiting if wait else None):
        published = generations.manifest(settings.state)
        is_new = is_full or not published or published["fingerprint"] != fingerprint(settings, find(settings))
        if is_new:
            say("reading, checking, modelling, publishing …")
            build(settings, "build_warehouse", {"raw_records": {"config": {"full": is_full}}})
        return _outcome(settings, is_new)


def name_faults(settings: Settings, say: Say) -> None:
    """What is set aside, as a compiler would say it; the rest by a query."""
    path, _ = generations.published(settings.state)
    with warehouse.connect(path, read_only=True) as con:
        lines = as_lines(open_faults(con, MOST_SHOWN + 1), settings)
    say("\n".join(["set aside:", *(f"  {line}" for line in lines[:MOST_SHOWN])]))
    if len(lines) > MOST_SHOWN:
        say(f"  … all of them: faultlines sql < {from_here(ROOT / 'queries' / 'set_aside.sql')}")


def name_words(settings: Settings, say: Say) -> None:
    """Words of sources that no list of theirs translates: left out of the records, never guessed."""
    path, _ = generations.published(settings.state)
    with warehouse.connect(path, read_only=True) as con:
        rows = con.execute(WORDS.read_text()).fetchall()
    if rows:
        named = ", ".join(
            f"{source} {printable(field)} {shortened(word)!r} × {n}" for source, field, word, n, _ in rows[:MOST_SHOWN]
        )
        more = f" … {len(rows) - MOST_SHOWN} more" if len(rows) > MOST_SHOWN else ""
        say(f"words without a counterpart (left out; queries/{WORDS.name} lists them): {named}{more}")


def _outcome(settings: Settings, is_new: bool) -> Outcome:
    _, manifest = generations.published(settings.state)
    with open(store.receipts_file(settings.state, manifest["generation"])) as receipts:
        summary = json.loads(receipts.readline())
    if not is_new:
        summary = unchanged(summary)
    from pipelines.report import weeks
    from pipelines.report.page import checked_week, folder

    week = checked_week(settings, None, clock.parse(manifest["as_of"]))
    page = folder(settings, week) / "weekly.html"
    if is_new or not _is_of(page, manifest):
        _write_page(settings, week, weeks.monday(week).isoformat())
    return Outcome(is_new, manifest, summary, page, settings)


def _is_of(page: Path, manifest: dict) -> bool:
    """Whether the page on disk was finished, and speaks of this generation: a run can die between the two."""
    try:
        head = json.loads((page.parent / "facts.json").read_text())["page"]
    except (OSError, json.JSONDecodeError):
        return False
    same_moment = clock.parse(head["as_of"]) == clock.parse(manifest["as_of"])
    return page.exists() and same_moment and head["snapshot"] == manifest["snapshot"]


def _write_page(settings: Settings, week: str, partition: str) -> None:
    """As a Dagster run; directly where Dagster has no such week (a clock that ran ahead, a week before its first)."""
    from pipelines.report.assets import WEEKS
    from pipelines.report.page import write_page

    if partition in WEEKS.get_partition_keys():
        execute(settings, "weekly_report", partition)
    else:
        write_page(settings, week)


def unchanged(summary: dict) -> dict:
    """What a run that found nothing new saw: the last run's records, all unchanged but those still set aside."""
    seen, aside = (summary["records"][name] for name in ("seen", "quarantined"))
    records = dict.fromkeys(OUTCOMES, 0) | {"seen": seen, "unchanged": seen - aside, "quarantined": aside}
    files = summary["files"]
    files = files | {"read": 0, "removed": 0, "unchanged": files["read"] + files["unchanged"]}
    return summary | {"records": records, "files": files, "tombstones": 0}


def build(settings: Settings, job: str, ops: dict | None = None) -> None:
    """A job that ends in publication."""
    from pipelines.quality import worker

    worker.start()  # Great Expectations imports (4 s) in its own process while Dagster imports in this one
    try:
        execute(settings, job, None, ops)
    finally:
        worker.stop()


def execute(settings: Settings, job: str, partition: str | None, ops: dict | None = None) -> None:
    """One job as a Dagster run in this process; GateClosed where a check stops it."""
    home = dagster_home(settings)
    os.environ |= {"DAGSTER_HOME": str(home), "FAULTLINES_PROJECT": str(settings.file)}
    import dagster as dg

    from pipelines.definitions import defs

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, "ops": ops or {}}
    with run_log.kept_open(), dg.DagsterInstance.from_config(str(home)) as instance:
        defs.resolve_job_def(job).execute_in_process(instance=instance, partition_key=partition, run_config=quiet)


def dagster_home(settings: Settings) -> Path:
    """The state folder's DAGSTER_HOME, with the project's dagster.yaml in it."""
    home = settings.state / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "dagster.yaml", home / "dagster.yaml")
    return home
