"""Hashes of files are remembered, and never longer than the file stays what it was."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from pipelines.ingest import seen
from pipelines.ingest.seen import Memory


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """A file written just now is as good as an old one, but where a test says otherwise."""
    monkeypatch.setattr(seen, "SETTLED_NS", -1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "INC-1.yml"
    path.write_bytes(b"one")
    return path


@pytest.fixture
def reads(monkeypatch) -> list[Path]:
    """The files that were read."""
    found, read = [], seen._read
    monkeypatch.setattr(seen, "_read", lambda path, member: found.append(path) or read(path, member))
    return found


def _asked(state: Path, *paths: Path) -> list[str]:
    """The digests that a process of its own would get."""
    memory = Memory(state / "seen")
    digests = [memory.digest(path, None)[0] for path in paths]
    memory.keep()
    return digests


def test_a_file_is_read_once(tmp_path, file, reads):
    assert _asked(tmp_path, file) == _asked(tmp_path, file)
    assert reads == [file]


def test_another_content_is_seen_though_size_and_time_are_the_same(tmp_path, file, reads):
    (before,), there = _asked(tmp_path, file), file.stat()
    time.sleep(0.02)  # the clock of a file system ticks every 4 to 10 ms
    file.write_bytes(b"two")
    os.utime(file, ns=(there.st_atime_ns, there.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (there.st_size, there.st_mtime_ns)
    assert _asked(tmp_path, file) != [before]


def test_a_file_written_just_now_is_read_again(tmp_path, file, reads, monkeypatch):
    monkeypatch.setattr(seen, "SETTLED_NS", 2_000_000_000)
    assert _asked(tmp_path, file) == _asked(tmp_path, file)
    assert reads == [file, file]


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, b"\x81\xa1a\x01"])
def test_a_damaged_memory_is_none(tmp_path, file, reads, damage):
    before = _asked(tmp_path, file)
    (tmp_path / "seen").write_bytes(damage)
    assert _asked(tmp_path, file) == before
    assert reads == [file, file]


def test_a_file_that_is_gone_is_forgotten_and_one_that_cannot_be_read_is_not_noted(tmp_path, file):
    other = tmp_path / "INC-2.yml"
    other.write_bytes(b"two")
    _asked(tmp_path, file, other)
    file.write_bytes(b"changed")
    assert list(Memory(tmp_path / "seen").files) != []
    _asked(tmp_path, file)
    assert len(Memory(tmp_path / "seen").files) == 1
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK")
    memory = Memory(tmp_path / "seen")
    digest, _, problem = memory.digest(broken, "a.yml")
    assert problem and digest.startswith("unreadable") and len(memory.files) == 1


def test_the_members_of_a_zip_are_told_apart(tmp_path):
    path = tmp_path / "records.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.yml", "one")
        made.writestr("b.yml", "two")
    memory = Memory(tmp_path / "seen")
    assert memory.digest(path, "a.yml")[0] != memory.digest(path, "b.yml")[0]


def test_a_memory_that_cannot_be_written_stops_nothing(tmp_path, file):
    memory = Memory(tmp_path / "no such folder" / "seen")
    memory.digest(file, None)
    memory.keep()
    assert not (tmp_path / "no such folder").exists()
