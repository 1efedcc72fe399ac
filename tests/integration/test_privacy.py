"""The whole way of what nobody may read: secrets arrive nowhere, and what was forgotten stands nowhere any more."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from pipelines import forget
from pipelines.health import proof
from pipelines.ingest import ledger, store
from pipelines.publish import content, generations, restore
from pipelines.warehouse import connect
from tests.battery.warm import Warm
from tests.projects import NATIVE, Project, record
from tests.unit.private_corpus import KINDS

ONLY = "zibeline-7431-quokka"  # in no other text of the world
NAME = "Grete Okonkwo-Zanier"
TICKETS = {"name": "tickets", "glob": "exports/*.csv", "reader": "csv", "mapping": "tickets.sql", "time_zone": "UTC"}
MAPPING = "SELECT id, path, item, {title: title, severity: our_word('severity', severity)} AS record FROM rows"
HELD = record(7, title=f"About {ONLY}", revision=1)


@dataclass
class World:
    """A project after its run, what it said, and the parts of secrets that went in."""

    project: Project
    said: str = ""
    parts: list[str] = field(default_factory=list)
    echoed: list[str] = field(default_factory=list)


def where(project: Project, *texts: str) -> list[str]:
    """Each text that stands in a file that Faultlines keeps or writes, as bytes, in its tables, or in its name."""
    places = (project.home / ".faultlines", project.home / "reports")
    found = []
    for path in (path for place in places for path in place.rglob("*") if path.is_file()):
        written = path.read_bytes() + rows(path)
        found += [f"{text} in {path}" for text in texts if text in str(path) or text.encode() in written]
    return found


def rows(path: Path) -> bytes:
    """Every row of a DuckDB or Parquet file, which hold texts in compressed form too."""
    if path.suffix not in (".duckdb", ".parquet"):
        return b""
    with duckdb.connect() as con:
        tables = [f"'{path}'"]
        if path.suffix == ".duckdb":
            con.execute(f"ATTACH '{path}' AS w (READ_ONLY)")
            named = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'w'"
            tables = [f'w.{schema}."{table}"' for schema, table in con.execute(named).fetchall()]
        return "\n".join(repr(con.execute(f"FROM {table}").fetchall()) for table in tables).encode()


def lines(*records: dict) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)


def full_of_secrets(project: Project) -> list[str]:
    """Records good and bad, keys, words and file names, each with secrets of every kind; returns their parts."""
    rng = random.Random("nothing echoed")
    drawn = [KINDS[kind](rng) for kind in KINDS for _ in range(2)]
    good, bad, broken = [], [], []
    for n, (text, _) in enumerate(drawn):
        each = record(100 + n, title=f"It was {text}", lessons={"lucky": [text]}, scope={"summary": f"{NAME}: {text}"})
        each["participants"] = [{"person": NAME, "role": "responder", "responsibility": text}]
        good.append(each)
        if n % 3 == 0:  # the gate closes where most of a source is set aside
            bad.append(record(500 + n, severity=text, **{text: text}, participants=[{"person": NAME, "role": NAME}]))
            broken.append(f"{{{json.dumps(text)}: [\n")
        elif "/" not in text and "\n" not in text:
            project.write(
                f"{text}.yml", record(300 + n) if n % 3 == 1 else f"{json.dumps(text)}: {json.dumps(text)}: x"
            )
    project.write("good.ndjson", lines(*good))
    project.write("bad.ndjson", lines(*bad) + "".join(broken))
    rows = [
        f"{n},{json.dumps(text)},{json.dumps(text)}"
        for n, (text, _) in enumerate(drawn)
        if "\n" not in text and '"' not in text
    ]
    (project.home / "exports" / "words.csv").write_text("\n".join(["id,title,severity", *rows]) + "\n")
    return [part for _, part in drawn if len(part) > 6]


def with_one_to_forget(project: Project) -> None:
    """Record 7 in files of its own and of many, under two names, in three revisions, refused once and broken once."""
    tickets = f"id,title,severity\nT-1,Late,sev3\nINC-2026-00007,{ONLY},sev3\nT-2,Early,sev2\n"
    (project.home / "exports" / "all.csv").write_text(tickets)
    project.write("many.ndjson", lines(record(1), HELD | {"revision": 3, "title": f"{ONLY} 3"}, record(2)))
    for text in (HELD | {"severity": ONLY}, f"{{{ONLY}: [", HELD):
        project.write("one.yml", text)
        if text is not HELD:
            project.ingest()
    project.write("copy.yml", HELD)


@pytest.fixture(scope="module")
def world(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_NOW", "2026-11-16T06:00:00Z")
        patch.delenv("FAULTLINES_PROJECT", raising=False)
        project = Project(tmp_path_factory.mktemp("forget"))
        project.declare([NATIVE, TICKETS])
        (project.home / "exports").mkdir()
        (project.home / "tickets.sql").write_text(MAPPING)
        with_one_to_forget(project)
        made = World(project, parts=full_of_secrets(project))
        done = warm.run(project.home)
        assert done.returncode == 0, done.stderr
        made.said = done.stdout + done.stderr
        found = where(project, *made.parts, NAME, ONLY)
        made.echoed = [each for each in found if "/store/" not in each and not each.startswith(ONLY)]
        assert len(found) - len(made.echoed) > 60  # the store holds them, and the warehouse what is to be forgotten
        state = project.settings.state
        (state / "as_of").mkdir(exist_ok=True)
        shutil.copy(
            generations.folder(state, generations.current(state)) / "warehouse.duckdb", state / "as_of" / "x.duckdb"
        )
        done = warm.run(project.home, "forget", "INC-2026-00007", "--yes")
        assert done.returncode == 0, done.stderr
        yield made


def test_no_secret_and_no_name_is_echoed_by_any_output(world: World) -> None:
    assert len(world.parts) > 50
    assert world.echoed == []
    assert [part for part in (*world.parts, NAME) if part in world.said] == []


def test_no_byte_of_what_was_forgotten_is_kept_but_its_id(world: World) -> None:
    assert where(world.project, ONLY) == []
    assert HELD["id"] in (world.project.settings.state / "forgotten.ndjson").read_text()


def test_everything_else_is_still_known(world: World) -> None:
    ids = world.project.query(
        "SELECT record_id FROM marts.incidents WHERE record_id < 'INC-2026-0010' OR source = 'tickets'"
    )
    assert {"INC-2026-00001", "INC-2026-00002", "T-1", "T-2"} <= {one for (one,) in ids}
    assert "INC-2026-00007" not in {one for (one,) in ids}


def test_receipts_and_warehouse_agree_and_the_same_tables_come_of_the_kept_bytes(world: World, tmp_path: Path) -> None:
    settings, state = world.project.settings, world.project.settings.state
    path, manifest = generations.published(state)
    last = manifest["generation"]
    with connect(path, read_only=True) as con, connect(tmp_path / "again.duckdb") as again:
        assert proof.records(con, state, last).is_good and proof.files(con, state, last).is_good
        assert proof.stored(state).is_good and proof.kept.bytes_kept(con, state).is_good
        assert restore.load_again(again, settings, last, tmp_path / "scratch") == []
        restore.speak_of(again, ledger.entry(store.receipts_file(state, last)).received_at, last)
        was, now = content.hashes(con), content.hashes(again)
    assert {table for table in now if table.startswith("raw.") and was[table] != now[table]} == set()


def test_it_is_refused_by_its_code_counted_and_its_bytes_are_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTLINES_NOW", "2026-11-17T06:00:00Z")
    project = world.project
    project.write("back.yml", HELD | {"title": f"{ONLY} again"})
    project.write("one.yml", f"{{{ONLY}: [ [")
    project.write("many.ndjson", lines(record(1), HELD, record(2), record(3)))
    (project.home / "records" / "copy.yml").unlink()
    assert project.ingest()["records"]["accepted"] == 1
    codes = project.query("SELECT DISTINCT code FROM raw.quarantine WHERE path IN ('back.yml', 'many.ndjson')")
    assert codes == [("PM070",)]
    assert where(project, ONLY) == []
    number = generations.current(project.settings.state)
    with connect(generations.published(project.settings.state)[0], read_only=True) as con:
        assert proof.records(con, project.settings.state, number).is_good
        assert proof.files(con, project.settings.state, number).is_good


def test_an_id_that_nobody_held_is_an_error_of_the_caller(world: World) -> None:
    with pytest.raises(forget.NotHeld, match="INC-NEVER"):
        forget.held(world.project.settings, "INC-NEVER")
