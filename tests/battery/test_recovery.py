"""Recovery: what the store, the receipts and the key give back, and every kind of damage found and named.

Here: whole histories and damage done to a state folder by hand. Not here: kills and full disks.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines import clock, headless, health, settings, warehouse
from pipelines.health import proof
from pipelines.health.proof import verify
from pipelines.ingest import ledger, store
from pipelines.ingest.faults import Fault
from pipelines.ingest.ledger import LedgerDamaged
from pipelines.ingest.people import KeyMissing
from pipelines.ingest.run import ingest
from pipelines.publish import content, generations, restore
from pipelines.publish.generations import StateDamaged
from pipelines.rebuild import rebuild
from tests.battery import WHOLE
from tests.battery.histories import deliver_all
from tests.battery.warm import Ended, Warm
from tests.foreign import DECLARED
from tests.projects import Project, record

MOMENTS = "SELECT record_id, revision_id, kind, known_at, received_at, generation FROM raw.record_events ORDER BY ALL"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five deliveries as far as the raw tables, taken once; each test spoils a copy."""
    home = tmp_path_factory.mktemp("told")
    with pytest.MonkeyPatch.context() as patch:
        project = Project(home)
        deliver_all(project, patch, project.ingest)
    return home


@pytest.fixture
def history(project: Project, told: Path) -> Project:
    shutil.copytree(told, project.home, dirs_exist_ok=True)
    return project


def restored(project: Project) -> tuple[dict[str, str], list[tuple], list[str]]:
    """Content and moments of the raw tables that store and receipts give back, and the remarks on them."""
    last = generations.last_published(project.settings.state)
    restore.check(project.settings.state, last)
    with duckdb.connect(":memory:") as con:
        con.execute("SET TimeZone = 'UTC'")
        remarks = restore.load_again(con, project.settings, last, project.home / "scratch")
        return content.hashes(con), con.execute(MOMENTS).fetchall(), remarks


def published(project: Project) -> dict[str, str]:
    path, _ = generations.published(project.settings.state)
    with warehouse.connect(path, read_only=True) as con:
        return content.hashes(con)


def test_a_whole_history_is_restored_to_the_same_content(history: Project) -> None:
    outcomes = {row[0] for row in history.query("SELECT DISTINCT outcome FROM raw.receipts")}
    assert outcomes == {"accepted", "unchanged", "duplicate", "conflicted", "quarantined"}
    kinds = {row[0] for row in history.query("SELECT DISTINCT kind FROM raw.files")}
    assert kinds == {"read", "removed", "ignored"}
    was, moments = published(history), history.query(MOMENTS)
    shutil.rmtree(history.settings.state / "generations")
    (history.settings.state / "CURRENT").unlink()
    shutil.rmtree(history.home / "records")
    before = {path: path.read_bytes() for path in (history.settings.state / "store").glob("??/*")}
    assert restored(history) == (was, moments, [])
    assert before == {path: path.read_bytes() for path in (history.settings.state / "store").glob("??/*")}


def test_other_peoples_records_are_restored_to_the_same_content(
    project: Project, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTLINES_DATA", str(shared_data))
    every = settings.load(DECLARED)
    chosen = replace(every, state=project.settings.state, declared=every.declared if WHOLE else every.declared[:1])
    attempt = generations.begin(chosen, clock.now(), "")
    with warehouse.connect(chosen.warehouse) as con:
        assert ingest(con, chosen, attempt)["records"]["accepted"] > 5
        was = content.hashes(con)
    monkeypatch.delenv("FAULTLINES_DATA")
    with duckdb.connect(":memory:") as con:
        con.execute("SET TimeZone = 'UTC'")
        assert restore.load_again(con, chosen, attempt.generation, project.home / "scratch") == []
        assert content.hashes(con) == was


def of(project: Project, name: str) -> Path:
    """A piece of the state folder: the receipts of the second generation, a stored file, the published warehouse."""
    state = project.settings.state
    entry = ledger.entry(store.receipts_file(state, 2))
    digest = next(line["sha256"] for line in entry.files if line["kind"] == "read" and not line["problem"])
    there = {
        "receipts": entry.path,
        "stored": store.stored(state, digest),
        "warehouse": generations.folder(state, 5) / generations.WAREHOUSE,
        "manifest": generations.folder(state, 5) / generations.MANIFEST,
        "current": state / "CURRENT",
        "key": state / "key",
    }
    return there[name]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def leave_a_log(path: Path) -> None:
    path.with_name(path.name + ".wal").write_bytes(b"")


def change_an_outcome(path: Path) -> None:
    path.write_text(path.read_text().replace('"outcome":"accepted"', '"outcome":"duplicate"', 1))


def change_a_record(path: Path) -> None:
    path.write_text(path.read_text().replace('"record_id":"INC', '"record_id":"INX', 1))


def drop_a_record(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def drop_a_file(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    lines.remove(next(line for line in lines if '"kind":"read"' in line))
    path.write_text("".join(lines))


def change_a_file(path: Path) -> None:
    path.write_text(path.read_text().replace('"kind":"read","path":"', '"kind":"read","path":"another/', 1))


DAMAGE = {
    "a warehouse cut short": ("warehouse", cut, "not the file that was published; run `faultlines rebuild`"),
    "a warehouse with a bit turned": ("warehouse", flip, "not the file that was published; run `faultlines rebuild`"),
    "no warehouse": ("warehouse", Path.unlink, "is missing; run `faultlines rebuild`"),
    "a log beside the warehouse": ("warehouse", leave_a_log, "wal is there: a program wrote to a published file"),
    "a manifest cut short": ("manifest", cut, "no readable manifest; run `faultlines rebuild`"),
    "no CURRENT": ("current", Path.unlink, "CURRENT is missing or damaged; write 5"),
    "receipts cut short": ("receipts", cut, "000002.ndjson:"),
    "receipts removed": ("receipts", Path.unlink, "000002.ndjson is missing; put it back"),
    "an outcome written over": ("receipts", change_an_outcome, "000002.ndjson does not add up"),
    "a receipt removed": ("receipts", drop_a_record, "000002.ndjson does not add up"),
    "a file's line removed": ("receipts", drop_a_file, "000002.ndjson does not add up"),
    "no key": ("key", Path.unlink, "missing; put it back from your backup"),
    "a key cut short": ("key", cut, "damaged; put it back from your backup"),
    "a key for all to read": ("key", lambda path: path.chmod(0o644), "can be read by others; chmod 600"),
    "a stored file removed": ("stored", Path.unlink, "are missing; put it back from your backup"),
}
ONLY_VERIFY = {
    "a stored file with a bit turned": ("stored", flip, "files are not what was kept: store/"),
    "a record's id written over": (
        "receipts",
        change_a_record,
        "generation 2: 1 receipted and otherwise in the tables",
    ),
    "a file's line written over": ("receipts", change_a_file, "of generation 2"),
}


def said(findings) -> str:
    return "\n".join(str(finding) for finding in findings if not finding.is_good)


def test_an_unspoilt_state_folder_is_good_in_every_line(history: Project) -> None:
    assert said(health.examine(history.settings)) == ""
    assert said(verify(history.settings, False, print)) == ""


@pytest.mark.parametrize("damage", DAMAGE)
def test_doctor_names_the_damage_and_what_to_do(history: Project, damage: str) -> None:
    piece, spoil, words = DAMAGE[damage]
    spoil(of(history, piece))
    found = health.examine(history.settings)
    assert words in said(found)
    assert all(finding.fix for finding in found if not finding.is_good)


@pytest.mark.parametrize("damage", DAMAGE | ONLY_VERIFY if WHOLE else ["no warehouse", *ONLY_VERIFY])
def test_verify_names_the_damage_and_what_to_do(history: Project, damage: str) -> None:
    piece, spoil, words = (DAMAGE | ONLY_VERIFY)[damage]
    spoil(of(history, piece))
    if piece in ("manifest", "current"):
        with pytest.raises(StateDamaged, match="rebuild"):
            list(verify(history.settings, False, print))
        return
    found = list(verify(history.settings, False, print))
    assert words in said(found)
    assert all(finding.fix for finding in found if not finding.is_good)


@pytest.mark.parametrize("lost", ["warehouse", "manifest", "current"])
def test_what_can_be_made_again_is_not_needed_to_know_what_was_published(history: Project, lost: str) -> None:
    of(history, lost).unlink()
    assert generations.last_published(history.settings.state) == 5


@pytest.mark.parametrize(
    "piece, spoil, error",
    [
        ("stored", Path.unlink, StateDamaged),
        ("stored", flip, StateDamaged),
        ("receipts", drop_a_file, LedgerDamaged),
        ("receipts", Path.unlink, LedgerDamaged),
        ("key", Path.unlink, KeyMissing),
    ],
)
def test_nothing_is_restored_from_what_is_not_whole(
    history: Project, piece: str, spoil: Callable[[Path], None], error: type[Exception]
) -> None:
    spoil(of(history, piece))
    with pytest.raises(error, match="put .* back from your backup"):
        restored(history)


def test_receipts_torn_or_written_over_among_their_records_still_restore(history: Project) -> None:
    was = published(history)
    cut(of(history, "receipts"))
    change_a_record(store.receipts_file(history.settings.state, 1))
    now, _, (otherwise, torn) = restored(history)
    assert now == was
    assert otherwise == "generation 1: 1 of its receipts say otherwise than the bytes that were kept"
    assert torn.startswith("generation 2: receipts/000002.ndjson:") and torn.endswith("is not compared")


def test_receipts_of_an_attempt_that_died_are_not_restored(history: Project) -> None:
    state = history.settings.state
    shutil.copyfile(store.receipts_file(state, 2), store.receipts_file(state, 6))
    shutil.rmtree(state / "generations")
    (state / "CURRENT").unlink()
    assert generations.last_published(state) == 5


def test_a_rebuild_that_dies_leaves_everything_for_the_next_one(
    history: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, was = history.settings.state, published(history)
    shutil.rmtree(state / "generations")
    (state / "CURRENT").unlink()

    def dies(*given) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(headless, "build", dies)
    with pytest.raises(KeyboardInterrupt):
        rebuild(history.settings, print, True)
    assert store.receipts_file(state, 6).exists()
    assert generations.last_published(state) == 5
    with warehouse.connect(history.settings.warehouse, read_only=True) as con:
        now = content.hashes(con)
    assert now == was


def test_receipts_of_before_are_read_and_said_not_to_be_enough(history: Project) -> None:
    path = of(history, "receipts")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    old = [line for line in lines if "records" in line or "outcome" in line]
    path.write_text("".join(json.dumps(line) + "\n" for line in old))
    found = health.examine(history.settings)
    assert said(found) == "" and "those up to generation 2 do not name the files" in "\n".join(map(str, found))
    assert said(verify(history.settings, False, print)) == ""
    with pytest.raises(LedgerDamaged, match="the receipts of generation 2 and before"):
        restored(history)


def test_receipts_whose_writing_broke_off_are_not_there_and_the_next_run_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("1.yml", record(1))
    whole = ledger._pieces

    def broken_off(*given):
        yield next(iter(whole(*given)))[:20]
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(ledger, "_pieces", broken_off)
        with pytest.raises(OSError, match="No space left"):
            project.ingest()
    assert ledger.paths(project.settings.state) == {}
    assert project.ingest()["records"]["accepted"] == 1
    assert said(health.examine(project.settings)) == ""


def test_a_file_that_changes_after_it_was_kept_is_read_as_it_was_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project.write("1.yml", record(1))
    keep = store.keep

    def keep_and_change(*given) -> str:
        digest = keep(*given)
        path.write_text("id: [")
        return digest

    monkeypatch.setattr(store, "keep", keep_and_change)
    project.ingest()
    ((title, digest),) = project.query("SELECT record->>'title', file_sha256 FROM raw.revisions")
    assert (
        title == "Scores late in region 1"
        and b"Scores late" in store.stored(project.settings.state, digest).read_bytes()
    )


def test_a_file_that_could_not_be_read_when_it_was_to_be_kept_is_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("1.yml", record(1))

    def refuse(*given) -> str:
        raise Fault("PM001", "cannot be read: Input/output error", "look at the disk")

    with monkeypatch.context() as broken:
        broken.setattr(store, "keep", refuse)
        assert project.ingest()["records"]["quarantined"] == 1
    assert project.ingest()["records"]["accepted"] == 1
    assert restored(project)[::2] == (published(project), [])


def test_a_delivery_that_other_code_read_is_remarked_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("1.yml", record(1))
    project.ingest()
    monkeypatch.setattr(restore, "recipe", lambda source: "other code")
    assert restored(project)[2] == ["generation 1: own was read by another version of Faultlines"]


def test_a_kept_file_that_the_disk_has_spoilt_is_kept_anew_when_it_is_read_again(project: Project) -> None:
    project.write("1.yml", record(1))
    project.ingest()
    ((digest,),) = project.query("SELECT file_sha256 FROM raw.revisions")
    flip(store.stored(project.settings.state, digest))
    project.declare([{"name": "own", "glob": "records/**/*", "reader": "native", "time_zone": "Europe/Oslo"}])
    assert project.ingest()["records"]["accepted"] + project.ingest()["records"]["unchanged"] >= 1
    assert proof.stored(project.settings.state).is_good


def test_a_rebuilt_warehouse_is_published_through_the_gate_with_the_same_content(
    project: Project, warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_all(project, monkeypatch, (lambda: done(warm.run(project.home))) if WHOLE else project.ingest)
    was, state = published(project), project.settings.state
    following = generations.current(state) + 1
    shutil.rmtree(state / "generations")
    (state / "CURRENT").unlink()
    assert f"generation {following} published" in done(warm.run(project.home, "rebuild"))
    now = published(project)
    assert {table: now[table] for table in was} == was
    assert len(now) > 60 and generations.current(state) == following
    if WHOLE:
        assert now.keys() == was.keys()
        assert "nothing new" in done(warm.run(project.home))
        assert "the same when built again" in done(warm.run(project.home, "verify", "--deep"))


def done(process: Ended) -> str:
    assert process.returncode == 0, process.stderr + process.stdout
    return process.stdout
