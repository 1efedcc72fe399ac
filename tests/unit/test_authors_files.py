"""A file in somebody's own folder is replaced whole or left as it was: links, leave, space, kill -9, other writers."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import pytest

from pipelines import authors_files
from pipelines.authors_files import Untouchable, replace
from pipelines.ingest.find import files_of
from tests.projects import Project, record

BEFORE = b"what its author wrote\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.yml").write_bytes(BEFORE)
    return tmp_path / "a.yml"


def left(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_the_new_text_is_all_there_is_and_permissions_stay(path: Path) -> None:
    path.chmod(0o664)
    replace(path, b"new", BEFORE)
    assert (path.read_bytes(), path.stat().st_mode & 0o777, left(path)) == (b"new", 0o664, ["a.yml"])
    replace(path.with_name("b.yml"), b"another")
    assert left(path) == ["a.yml", "b.yml"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of others")
def test_what_an_administrator_replaces_stays_its_owners(path: Path) -> None:
    os.chown(path, 4321, 1234)
    path.chmod(0o640)
    replace(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid, path.stat().st_mode & 0o777) == (4321, 1234, 0o640)


def test_a_link_that_somebody_prepared_beside_it_leads_the_writing_nowhere(path: Path) -> None:
    (path.parent / "precious").write_bytes(b"precious")
    for name in ("a.yml.tmp", ".a.yml.tmp", f".a.yml.{os.getpid()}.tmp"):
        (path.parent / name).symlink_to(path.parent / "precious")
    replace(path, b"new")
    assert (path.parent / "precious").read_bytes() == b"precious"


def test_what_may_not_be_written_to_is_left_alone(path: Path) -> None:
    (path.parent / "link.yml").symlink_to(path)
    (path.parent / "folder.yml").mkdir()
    path.chmod(0o444)
    there = left(path)
    for name, why in (("a.yml", "read-only"), ("link.yml", "a link or a folder"), ("folder.yml", "a link or a folder")):
        with pytest.raises(Untouchable, match=why):
            replace(path.with_name(name), b"new")
    assert (path.read_bytes(), left(path)) == (BEFORE, there)


def test_what_somebody_saved_in_the_meantime_stays(path: Path) -> None:
    with pytest.raises(Untouchable, match="somebody changed the file in the meantime"):
        replace(path, b"new", b"what was read a second ago")
    assert (path.read_bytes(), left(path)) == (BEFORE, ["a.yml"])


def test_where_there_is_no_space_everything_is_as_it_was(path: Path) -> None:
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            replace(path, b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert (path.read_bytes(), left(path)) == (BEFORE, ["a.yml"])


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_a_kill_in_the_middle_leaves_the_old_text_and_nothing_that_a_run_reads(project: Project, at: str) -> None:
    path = project.write("a.yml", record(1))
    before = path.read_bytes()
    child = os.fork()
    if child == 0:
        setattr(authors_files.os, at, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        replace(path, b"new")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert path.read_bytes() == before and len(left(path)) == 2
    (source,) = project.settings.sources
    assert [file.path for file in files_of(project.settings, source)] == ["a.yml"]
