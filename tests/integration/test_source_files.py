"""Where records lie: zips as folders, encodings, several formats in one project, and a source tried before it is
run."""

from __future__ import annotations

import json
import os
import time
import zipfile
from pathlib import Path

import pytest
import yaml

from pipelines.ingest import files, store
from pipelines.ingest.faults import Fault
from tests.battery.warm import Warm
from tests.projects import Project, record

CSV = "id;title;level\nA-1;Zu spät;hoch\nA-2;Leer;egal\nA-3\n"
SQL = "SELECT id, path, item, {title: title, severity: our_word('severity', level)} AS record FROM rows"


def _zip(path: Path, **members: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return path


def _exports(project: Project, **more) -> None:
    """A project with one source of semicolons in Latin-1."""
    (project.home / "m.sql").write_text(SQL)
    declared = {"name": "exports", "glob": "exports/*", "reader": "csv", "mapping": "m.sql", "delimiter": ";"}
    project.declare([declared | {"encoding": "latin-1", "words": {"severity": {"Hoch": "sev1"}}} | more])
    (project.home / "exports").mkdir()
    (project.home / "exports" / "a.csv").write_bytes(CSV.encode("latin-1"))


def test_the_files_in_a_zip_are_read_like_those_in_a_folder(project: Project) -> None:
    _zip(
        project.home / "records" / "old.zip",
        **{
            "2024__a_dot_yml": yaml.safe_dump(record(1)),
            "b_dot_ndjson": json.dumps(record(2)) + "\n",
            "notes_dot_txt": "x",
        },
    )
    project.write("c.yml", record(3))
    summary = project.ingest()
    assert (summary["records"]["accepted"], summary["records"]["quarantined"]) == (3, 1)
    paths = {path for (path,) in project.query("select path from raw.revisions")}
    assert paths == {"old.zip/2024/a.yml", "old.zip/b.ndjson", "c.yml"}
    assert project.query("select path, code from raw.quarantine") == [("old.zip/notes.txt", "PM019")]
    assert project.ingest()["records"]["unchanged"] == 3


def test_a_file_that_leaves_a_zip_is_a_tombstone_and_one_that_changes_a_revision(project: Project) -> None:
    path = project.home / "records" / "old.zip"
    _zip(path, a_dot_yml=yaml.safe_dump(record(1)), b_dot_yml=yaml.safe_dump(record(2)))
    project.ingest()
    _zip(path, a_dot_yml=yaml.safe_dump(record(1, title="Mended")))
    summary = project.ingest()
    assert (summary["records"]["accepted"], summary["tombstones"]) == (1, 1)


def test_a_zip_that_is_damaged_locked_or_a_bomb_is_set_aside_and_says_why(project: Project) -> None:
    (project.home / "records" / "damaged.zip").write_bytes(b"PK\x03\x04 nothing more")
    _zip(project.home / "records" / "bomb.zip", a_dot_yml=b"\0" * (65 << 20))
    project.write("good.yml", record(1))
    assert project.ingest()["records"] | {"seen": 0} == {
        "seen": 0, "accepted": 1, "unchanged": 0, "duplicate": 0, "conflicted": 0, "quarantined": 2,
    }  # fmt: skip
    said = dict(project.query("select path, code || ' ' || message from raw.quarantine"))
    assert said["bomb.zip"].startswith("PM060") and "200-fold" in said["bomb.zip"]
    assert said["damaged.zip"].startswith("PM060")


def test_a_name_in_a_zip_that_climbs_out_is_a_label_and_nothing_else(project: Project) -> None:
    with zipfile.ZipFile(project.home / "records" / "x.zip", "w") as archive:
        archive.writestr("../../evil.yml", yaml.safe_dump(record(1)))
    project.ingest()
    assert project.query("select path from raw.revisions") == [("x.zip/../../evil.yml",)]
    assert not (project.home.parent / "evil.yml").exists() and not (project.home / "evil.yml").exists()


def test_declared_encoding_words_and_skips_reach_the_tables(project: Project) -> None:
    _exports(project, skip="id = 'A-2'")
    summary = project.ingest()
    assert (summary["records"]["accepted"], summary["records"]["quarantined"]) == (1, 1)
    assert project.query("select title, severity from raw.records") == [("Zu spät", "sev1")]
    assert project.query("select records, quarantined, skipped from raw.files") == [(1, 1, 1)]
    assert project.query("select line, code from raw.quarantine") == [(4, "PM062")]


def test_a_word_without_a_counterpart_is_kept_beside_its_record(project: Project) -> None:
    _exports(project)
    project.ingest()
    assert project.query("select record_id, field, word from raw.unmapped_words") == [("A-2", "severity", "egal")]


def test_bytes_of_another_encoding_than_declared_are_the_files_fault(project: Project) -> None:
    _exports(project, encoding="ascii")
    project.ingest()
    ((code, message),) = project.query("select code, message from raw.quarantine")
    assert code == "PM001" and "ascii" in message


def test_the_record_store_keeps_the_bytes_as_they_came(project: Project) -> None:
    _exports(project)
    project.ingest()
    ((digest,),) = project.query("select distinct file_sha256 from raw.revisions")
    assert (project.home / ".faultlines" / "store" / digest[:2] / digest).read_bytes() == CSV.encode("latin-1")


def test_a_source_is_tried_without_a_trace_and_says_what_a_run_would_do(project: Project) -> None:
    _exports(project)
    before = sorted(project.home.rglob("*"))
    done = project.run("source", "try", "exports")
    assert sorted(project.home.rglob("*")) == before
    assert done.returncode == 1, done.stderr  # a row is set aside
    for said in (
        "2 records fit, 1 set aside",
        "a.csv:4:1: PM062",
        "severity: 'egal' × 1",
        "title: Zu spät",
        "scope.summary",
    ):
        assert said in done.stdout, said


def test_a_trial_as_json_holds_every_record_field_and_fault(project: Project, warm: Warm) -> None:
    _exports(project)
    found = json.loads(warm.run(project.home, "source", "try", "exports", "--json").stdout)
    assert [each["record"]["id"] for each in found["records"]] == ["A-1", "A-2"]
    assert found["coverage"]["title"] == 2 and found["coverage"]["severity"] == 1
    assert found["sample"]["rows"][0]["title"] == "Zu spät"
    assert [fault["code"] for fault in found["set_aside"]] == ["PM062"]


def test_a_trial_shows_the_first_document_that_can_be_read(project: Project, warm: Warm) -> None:
    (project.home / "m.sql").write_text(
        "SELECT path, text_at(data, '$.id') AS id, {title: 'x'} AS record FROM documents"
    )
    _zip(project.home / "in" / "a.zip", a_dot_json='{"id": ', b_dot_json='{"id": "B-1"}')
    project.declare([{"name": "pages", "glob": "in/*", "reader": "json", "mapping": "m.sql"}])
    found = json.loads(warm.run(project.home, "source", "try", "pages", "--json").stdout)
    assert [row["path"] for row in found["sample"]["documents"]] == ["a.zip/b.json"]


def test_a_trial_reads_no_further_than_asked(project: Project, warm: Warm) -> None:
    for number in range(10):
        project.write(f"{number}.yml", record(number))
    done = warm.run(project.home, "source", "try", "own", "--most", "4")
    assert done.returncode == 0 and "4 records fit" in done.stdout and "there are more" in done.stdout


def test_a_source_that_is_not_declared_is_named_beside_those_that_are(project: Project, warm: Warm) -> None:
    done = warm.run(project.home, "source", "try", "nobody")
    assert done.returncode == 2 and "own" in done.stderr


@pytest.mark.parametrize(
    ("method", "at", "byte"),
    [
        (zipfile.ZIP_DEFLATED, b"PK\x01\x02", (6, 99)),  # asks for a version of zip that is not there yet
        (zipfile.ZIP_DEFLATED, b"PK\x01\x02", (10, 77)),  # packed in a way nobody knows
        (zipfile.ZIP_DEFLATED, b"PK\x03\x04", (31, 0xFF)),  # a name that is no UTF-8 where the directory has one
        (zipfile.ZIP_LZMA, b"PK\x03\x04", (50, 0xFF)),
        (zipfile.ZIP_BZIP2, b"PK\x03\x04", (45, 0xFF)),
    ],
)
def test_however_a_zip_is_damaged_its_fault_says_so(tmp_path: Path, method: int, at: bytes, byte: tuple) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("é.yml", yaml.safe_dump(record(1)))
    data = bytearray(path.read_bytes())
    data[data.find(at) + byte[0]] = byte[1]
    path.write_bytes(data)
    with pytest.raises(Fault) as caught:
        for member in files.members(path):
            with files.opened(path, member.filename) as stream:
                stream.read()
    assert caught.value.code == "PM060"


def test_a_member_gone_since_the_zip_was_listed_is_a_fault(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", a_dot_yml="x")
    with pytest.raises(Fault, match="PM060"), files.opened(path, "b.yml"):
        pass


def test_many_small_files_together_may_be_a_bomb(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", **{f"n{n}_dot_yml": b"\0" * (30 << 20) for n in range(3)})
    with pytest.raises(Fault, match="200-fold"):
        files.members(path)


def test_the_directory_of_a_zip_is_read_once_and_again_when_it_changed(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", **{f"n{n}_dot_yml": str(n) for n in range(3000)})
    began = time.process_time()
    for member in files.members(path):
        with files.opened(path, member.filename) as stream:
            stream.read()
    assert time.process_time() - began < 5  # 40 s where it is read for each member
    _zip(path, other_dot_yml="x")
    assert [member.filename for member in files.members(path)] == ["other.yml"]


def test_a_full_disk_is_no_fault_of_the_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("a.yml", record(1))

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "keep", full)
    with pytest.raises(OSError, match="No space left"):
        project.ingest()


@pytest.mark.parametrize(("encoding", "code"), [("undefined", 2), ("rot13", 2), ("punycode", 1)])
def test_an_encoding_that_is_none_is_no_bug_of_ours(project: Project, warm: Warm, encoding: str, code: int) -> None:
    _exports(project, encoding=encoding)
    (project.home / "exports" / "a.csv").write_text("id;title;level\n1;a--c;x\n")
    tried = warm.run(project.home, "source", "try", "exports")
    assert (tried.returncode, "Traceback" in tried.stderr) == (code, False)


def test_a_file_name_cannot_command_the_terminal(project: Project, warm: Warm) -> None:
    _exports(project)
    (project.home / "exports" / "\x1b[31m.csv").write_text("id;title;level\n1\n")
    tried = warm.run(project.home, "source", "try", "exports")
    assert "\\x1b[31m.csv:2" in tried.stdout and "\x1b" not in tried.stdout


def test_a_field_whose_name_is_made_of_data_is_cleaned_like_a_word(project: Project) -> None:
    _exports(project)
    (project.home / "m.sql").write_text(
        "SELECT id, path, item, {title: title, domain_fields: MAP{'kim@example.com': our_word('severity', 'Odd')}} "
        "AS record FROM rows"
    )
    project.ingest()
    fields = {field for (field,) in project.query("select field from raw.unmapped_words")}
    assert fields and not any("@" in field for field in fields)


def test_a_link_that_leads_out_or_nowhere_and_what_is_no_file_are_set_aside_and_nothing_known_is_lost(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a link points at may be a key of this machine's user, or lie on a disk that is not mounted today."""
    outside = tmp_path_factory.mktemp("outside") / "key.yml"
    outside.write_text(yaml.safe_dump(record(9)))
    records = project.home / "records"
    project.write("kept.yml", record(1))
    project.write("gone.yml", record(2))
    project.ingest()
    (records / "gone.yml").unlink()
    (records / "gone.yml").symlink_to("not-mounted.yml")
    (records / "loop.yml").symlink_to("loop.yml")
    (records / "out.yml").symlink_to(outside)
    (records / "within.yml").symlink_to("kept.yml")
    (records / "folder.yml").mkdir()
    os.mkfifo(records / "pipe.yml")
    summary = project.ingest()
    set_aside = project.query("select path, code, message like '%leads out%' from raw.quarantine order by path")
    names = ("gone.yml", "loop.yml", "out.yml", "pipe.yml")
    assert set_aside == [(name, "PM001", name == "out.yml") for name in names]
    assert summary["tombstones"] == 0 and summary["records"]["duplicate"] == 1
    assert project.query("select record_id from raw.revisions order by 1") == [("INC-2026-00001",), ("INC-2026-00002",)]
