"""A run without a browser: look for changes, and only when there are some start Dagster, in this process.

Here: the order of scan, lock, job and page, and what a run says at its end. Not here: any step of the job.
Every run is recorded in the state folder's DAGSTER_HOME, so that the UI shows it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines import clock, interrupts, run_log, warehouse
from pipelines.ingest import store
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.quarantine import as_lines, open_faults, shown
from pipelines.publish import generations
from pipelines.settings import ROOT, Settings

Say = Callable[[str], None]
MOST_SHOWN = 10
WORDS = ROOT / "queries" / "unmapped_words.sql"
OUTCOMES = ("accepted", "unchanged", "duplicate", "conflicted", "quarantined")


class GateClosed(Exception):
    """A critical expectation failed: nothing was published, readers keep the last generation. Exit code 3."""


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
        return "\n".join([*lines, f"page: {shown(self.page)}"])


def run(settings: Settings, say: Say, wait: bool) -> Outcome:
    """Bring the published warehouse and the week's page up to what is on disk."""

    def waiting(holder: str) -> None:
        say(f"waiting for the run with PID {holder}")

    with interrupts.heard(), warehouse.writing(settings.state, waiting if wait else None):
        published = generations.manifest(settings.state)
        is_new = not published or published["fingerprint"] != fingerprint(settings, find(settings))
        if is_new:
            _build(settings, say)
        return _outcome(settings, is_new)


def name_faults(settings: Settings, say: Say) -> None:
    """What is set aside, as a compiler would say it; the rest by a query."""
    path, _ = generations.published(settings.state)
    with warehouse.connect(path, read_only=True) as con:
        lines = as_lines(open_faults(con, MOST_SHOWN + 1), settings)
    say("\n".join(["set aside:", *(f"  {line}" for line in lines[:MOST_SHOWN])]))
    if len(lines) > MOST_SHOWN:
        say(f"  … all of them: faultlines sql < {shown(ROOT / 'queries' / 'set_aside.sql')}")


def name_words(settings: Settings, say: Say) -> None:
    """Words of sources that no list of theirs translates: left out of the records, never guessed."""
    path, _ = generations.published(settings.state)
    with warehouse.connect(path, read_only=True) as con:
        rows = con.execute(WORDS.read_text()).fetchall()
    if rows:
        named = ", ".join(f"{source} {field} {word!r} × {times}" for source, field, word, times, _ in rows[:MOST_SHOWN])
        more = f" … {len(rows) - MOST_SHOWN} more" if len(rows) > MOST_SHOWN else ""
        say(f"words without a counterpart (left out; queries/{WORDS.name} lists them): {named}{more}")


def _outcome(settings: Settings, is_new: bool) -> Outcome:
    _, manifest = generations.published(settings.state)
    with open(store.receipts_file(settings.state, manifest["generation"])) as receipts:
        summary = json.loads(receipts.readline())
    if not is_new:
        summary = _unchanged(summary)
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
        _execute(settings, "weekly_report", partition)
    else:
        write_page(settings, week)


def _unchanged(summary: dict) -> dict:
    """What a run that found nothing new saw: the last run's records, all unchanged but those still set aside."""
    seen, aside = (summary["records"][name] for name in ("seen", "quarantined"))
    records = dict.fromkeys(OUTCOMES, 0) | {"seen": seen, "unchanged": seen - aside, "quarantined": aside}
    files = summary["files"]
    files = files | {"read": 0, "removed": 0, "unchanged": files["read"] + files["unchanged"]}
    return summary | {"records": records, "files": files, "tombstones": 0}


def _build(settings: Settings, say: Say) -> None:
    from pipelines.quality import worker

    worker.start()  # Great Expectations imports (4 s) in its own process while Dagster imports in this one
    try:
        say("reading, checking, modelling, publishing …")
        _execute(settings, "build_warehouse", None)
    finally:
        worker.stop()


def _execute(settings: Settings, job: str, partition: str | None) -> None:
    home = dagster_home(settings)
    os.environ |= {"DAGSTER_HOME": str(home), "FAULTLINES_PROJECT": str(settings.file)}
    import dagster as dg

    from pipelines.definitions import defs

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with run_log.kept_open(), dg.DagsterInstance.from_config(str(home)) as instance:
        try:
            defs.resolve_job_def(job).execute_in_process(instance=instance, partition_key=partition, run_config=quiet)
        except dg.DagsterError as error:
            if type(error).__name__ != "DagsterAssetCheckFailedError":  # not exported by dagster 1.13
                raise
            raise GateClosed(_closed(settings)) from error


def _closed(settings: Settings) -> str:
    """Which critical expectations failed in which source, why each is there and what to do."""
    from pipelines.quality import gate, verdicts

    expected = {each.id: each for each in gate.expectations()}
    lines = ["nothing published, readers keep the last generation; the gate is closed by"]
    closing = verdicts.blocking(verdicts.read(settings.work / "gate", tuple(expected.values())))
    for verdict in closing[:MOST_SHOWN]:
        lines += [f"  {line}" for line in verdicts.said(verdict, expected[verdict.expectation])]
    if len(closing) > MOST_SHOWN:
        lines.append(f"  … and {len(closing) - MOST_SHOWN} more")
    return "\n".join(lines)


def dagster_home(settings: Settings) -> Path:
    """The state folder's DAGSTER_HOME, with the project's dagster.yaml in it."""
    home = settings.state / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "dagster.yaml", home / "dagster.yaml")
    return home


def serve_ui(settings: Settings, port: int, say: Say) -> None:
    """Replace this process by `dagster dev` on loopback: web server, schedule and sensor."""
    home = dagster_home(settings)
    os.environ |= {"DAGSTER_HOME": str(home), "FAULTLINES_PROJECT": str(settings.file), "PYTHONWARNINGS": "ignore"}
    say(f"starting the Dagster UI; in half a minute it answers on http://127.0.0.1:{port} (Ctrl-C ends it)")

    program = str(Path(sys.executable).with_name("dagster"))
    words = ["dev", "--workspace", str(ROOT / "workspace.yaml"), "--host", "127.0.0.1", "--port", str(port)]
    os.chdir(home)  # dagster warns of any other dagster.yaml it stands beside
    os.execv(program, [program, *words])
