"""`faultlines convert`: a record of 1.0 becomes one of today's, with its comments, or stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.authoring.rewrite import CannotRewrite, rewrite
from pipelines.cli import app
from pipelines.contract import bundle
from pipelines.ingest.faults import Fault

TODAY = bundle.load()
PASSES = Path(__file__).parents[1] / "records" / "versions" / "1.0" / "passes"
FLOW = """schema_version: '1.0'   # quoted
id: X
stage: imported
scope:
  users_affected: {min: 3, max: unknown}   # counted by hand
title: "a: b"
"""
BLOCK = """# a comment
schema_version: "1.0"
revision: 4
id: X
stage: imported
title: Late
scope:
  users_affected:   # of the night
    # as the log says
    min: 3

    max: 5   # at most
  summary: x
"""


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "record.yml"
    path.write_text(text)
    assert rewrite(path, TODAY) == "1.0"
    assert [one.name for one in tmp_path.iterdir()] == ["record.yml"]
    return path.read_text()


def test_only_what_moved_is_written_anew_and_every_comment_stays(tmp_path: Path) -> None:
    assert written(tmp_path, FLOW) == FLOW.replace("'1.0'", '"1.1"').replace(
        "users_affected: {min: 3, max: unknown}", "affected: [{who: users, min: 3, max: unknown}]"
    )
    assert written(tmp_path, BLOCK) == (
        '# a comment\nschema_version: "1.1"\nrevision: 5\nid: X\nstage: imported\ntitle: Late\n'
        "scope:\n  affected:   # of the night\n"
        "    # as the log says\n    - who: users\n      min: 3\n\n      max: 5   # at most\n  summary: x\n"
    )


@pytest.mark.parametrize("name", ["whole.yml", "draft.yml", "ecommerce.yml", "stated.yml"])
def test_a_whole_record_is_rewritten_and_the_second_time_there_is_nothing_to_do(tmp_path: Path, name: str) -> None:
    text = (PASSES / name).read_text(encoding="utf-8")
    found = written(tmp_path, text)
    differing = [new for old, new in zip(text.splitlines(), found.splitlines(), strict=True) if old != new]
    assert len(differing) == 2 + ("\nrevision:" in text)
    assert rewrite(tmp_path / "record.yml", TODAY) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("schema", "\ufeffschema"),
        ("id: X", "id: X\nproject: 😀 ü"),
        ("users_affected: {", "? users_affected\n  : {"),
        ("users_affected:", "'users_affected':"),
        ("unknown}", "unknown,}"),
        ("min: 3,", "\n    min: 3 # }\n    ,"),
    ],
)
def test_however_the_group_is_written_it_is_found_or_the_file_is_left_alone(
    tmp_path: Path, before: str, after: str
) -> None:
    found = written(tmp_path, FLOW.replace(before, after, 1))
    assert "who: users" in found and found.startswith("\ufeff") == after.startswith("\ufeff")


def test_a_record_that_todays_version_would_refuse_is_left_in_its_own(tmp_path: Path) -> None:
    path = tmp_path / "record.yml"
    path.write_text(FLOW)
    stricter = TODAY | {"required": [*TODAY["required"], "severity"]}
    with pytest.raises(CannotRewrite, match="asks for more: `severity` is missing"):
        rewrite(path, stricter)
    assert path.read_text() == FLOW


def test_a_file_of_another_encoding_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "record.yml"
    path.write_bytes(FLOW.replace("a: b", "für").encode("latin-1"))
    with pytest.raises(Fault, match="PM001"):
        rewrite(path, TODAY)


def test_a_record_with_the_line_ends_of_another_system_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "record.yml"
    path.write_bytes(BLOCK.replace("\n", "\r\n").encode())
    rewrite(path, TODAY)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") - 1  # the line that came


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        (
            "a.yml",
            "schema_version: '1.0'\nscope: {users_affected: {}}\n",
            "line 2: `scope.users_affected` is not a group",
        ),
        ("a.yml", FLOW.replace("min: 3, max: unknown", "min: ~"), "without changing more than them"),
        ("a.yml", "schema_version: '1.0'\nrevision: two\n", "is no number"),
        ("a.yml", f"schema_version: '1.0'\nrevision: {'9' * 5000}\n", "is no number"),
        ("a.yml", "schema_version: '0.9'\n", "no version '0.9'"),
        ("a.yml", "schema_version: '1.0'\nscope: {\n", "PM006"),
        ("a.md", "---\nschema_version: '1.0'\n---\n", "only .yml and .yaml"),
        ("a.yml", "schema_version: '1.0'\nscope: {users_affected: unknown}\n", "not a group of fields"),
    ],
)
def test_what_cannot_be_rewritten_stays_as_it_is_and_is_told_why(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises((CannotRewrite, Fault), match=why):
        rewrite(path, TODAY)
    assert path.read_text() == text


def test_a_revision_left_blank_stays_blank(tmp_path: Path) -> None:
    assert "\nrevision:\n" in written(tmp_path, FLOW + "revision:\n")


def test_a_link_stays_a_link_and_what_it_leads_to_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "record.yml").write_text(FLOW)
    (tmp_path / "link.yml").symlink_to(tmp_path / "record.yml")
    assert rewrite(tmp_path / "link.yml", TODAY) == "1.0"
    assert (tmp_path / "link.yml").is_symlink() and "affected: [" in (tmp_path / "record.yml").read_text()


def test_a_pipe_is_not_waited_at_and_a_protected_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    with pytest.raises(CannotRewrite, match="no such file"):
        rewrite(tmp_path / "pipe.yml", TODAY)
    (tmp_path / "record.yml").write_text(FLOW)
    (tmp_path / "record.yml").chmod(0o444)
    with pytest.raises(CannotRewrite, match="read-only"):
        rewrite(tmp_path / "record.yml", TODAY)
    assert (tmp_path / "record.yml").read_text() == FLOW


def test_a_folder_with_one_bad_file_is_converted_but_for_it_and_nothing_of_it_is_echoed(tmp_path: Path) -> None:
    names = [f"{n}.yml" for n in range(3)] + ["a\n::error::b.yml"]
    for name in names:
        (tmp_path / name).write_text(FLOW)
    (tmp_path / "1.yml").write_text(FLOW.replace("1.0", "jo.doe@example.org"))
    done = CliRunner().invoke(app, ["convert", *(str(tmp_path / name) for name in names)])
    assert done.exit_code == 1
    assert ["affected: [" in (tmp_path / name).read_text() for name in names] == [True, False, True, True]
    assert len(done.stderr.splitlines()) == 4 and "jo.doe" not in done.stderr
