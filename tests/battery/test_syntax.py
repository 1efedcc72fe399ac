"""Syntax that does harm, or is broken, through the whole of ingestion: set aside with its place, at no other's cost.

One delivery holds every spoilt file beside good records of each format, and the good ones must leave the same tables
as a delivery of them alone. Not here: what readers do with each text (tests/unit/test_reader_*.py).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from typing import NamedTuple

import duckdb
import pytest
import yaml

from pipelines.publish import content, generations
from tests.battery.spoilt import BROKEN, HARMFUL, Spoilt
from tests.conftest import MONDAY
from tests.projects import Project, record

SPOILT = {each.name: each for each in (*HARMFUL, *BROKEN)}
ABOUT_FILES = {'raw."files"', 'raw."quarantine"', 'raw."receipts"'}  # they tell of the spoilt ones, and must
QUICK = 30  # CPU seconds for all of them; the slowest takes 2, quadratic reading of one would take minutes


class Delivered(NamedTuple):
    """Two projects after one ingestion each: the good files alone, and beside the spoilt ones."""

    clean: Project
    mixed: Project
    summary: dict
    seconds: float


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_NOW", MONDAY)
        patch.delenv("FAULTLINES_PROJECT", raising=False)
        clean, mixed = (Project(tmp_path_factory.mktemp(name)) for name in ("clean", "mixed"))
        for project in (clean, mixed):
            _write_good(project)
        clean.ingest()
        for each in SPOILT.values():
            mixed.write(f"spoilt/{each.name}", each.data)
        began = time.process_time()
        summary = mixed.ingest()
        yield Delivered(clean, mixed, summary, time.process_time() - began)


def _write_good(project: Project) -> None:
    """Files that are read before the spoilt ones, and files that are read after them."""
    project.write("good/1.yml", record(1))
    project.write("good/2.md", f"---\n{yaml.safe_dump(record(2))}---\n\n# What happened\n\nIt *broke*.\n")
    project.write("the_rest/3.json", json.dumps([record(3), record(4)], indent=1))
    project.write("the_rest/5.ndjson", "".join(json.dumps(record(n)) + "\n" for n in range(5, 9)))


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_set_aside_with_place_code_and_fix_and_its_bytes_are_kept(delivered, name: str) -> None:
    expected: Spoilt = SPOILT[name]
    rows = delivered.mixed.query(
        'select line, "column", code, field, message, fix, file_sha256 from raw.quarantine '
        f"where path = 'spoilt/{name}' order by line, \"column\""
    )
    assert len(rows) == (20 if expected.code == "PM020" else 1)
    line, column, code, field, message, fix, digest = rows[0]
    assert (code, line or 0, field) == (expected.code, expected.line, expected.field), message
    assert expected.says in f"{message}; {fix}"
    assert fix and (column or not line) and len(message) + len(fix) < 1000
    assert digest == hashlib.sha256(expected.data).hexdigest()
    kept = delivered.mixed.home / ".faultlines" / "store" / digest[:2] / digest
    assert kept.read_bytes() == expected.data


def test_the_good_records_leave_the_same_tables_as_without_the_spoilt_ones(delivered) -> None:
    clean, mixed = (_hashes(project) for project in (delivered.clean, delivered.mixed))
    assert {name for name in clean if clean[name] != mixed[name]} == ABOUT_FILES


def test_what_was_set_aside_is_counted(delivered) -> None:
    records = delivered.summary["records"]
    assert (records["accepted"], records["quarantined"]) == (8, len(SPOILT))
    assert records["seen"] == sum(count for name, count in records.items() if name != "seen")
    assert delivered.mixed.query("select sum(records), sum(quarantined) from raw.files") == [(8, len(SPOILT))]


def test_all_the_spoilt_files_together_are_refused_in_time(delivered) -> None:
    assert delivered.seconds < QUICK


def _hashes(project: Project) -> dict[str, str]:
    path, _ = generations.published(project.settings.state)
    with duckdb.connect(str(path), read_only=True) as con:
        return content.hashes(con)
