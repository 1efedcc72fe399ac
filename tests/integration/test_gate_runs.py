"""The gate over several runs of the real command line: who closed it, how it opens, what the runs leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.battery.warm import Warm
from tests.projects import Project, record

TIMES = [f"2026-11-16T{hour:02d}:00:00Z" for hour in (6, 7, 8, 9)]


def source(name: str, **more) -> dict:
    return {"name": name, "glob": f"records/{name}/*.yml", "reader": "native"} | more


@pytest.fixture(scope="module")
def emptied(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """Two sources published twice, one of them then emptied: the project, and what the refused run said."""
    project = Project(tmp_path_factory.mktemp("emptied"))
    project.declare([source("big"), source("small")])
    for name, numbers in (("big", range(40)), ("small", range(40, 65))):
        for number in numbers:
            project.write(f"{name}/{number}.yml", record(number))
    assert warm.run(project.home, FAULTLINES_NOW=TIMES[0]).returncode == 0
    project.write("big/99.yml", record(99))
    assert warm.run(project.home, FAULTLINES_NOW=TIMES[1]).returncode == 0
    for path in (project.home / "records" / "small").iterdir():
        path.unlink()
    refused = warm.run(project.home, FAULTLINES_NOW=TIMES[2])
    assert refused.returncode == 3, refused.stderr
    return project, refused.stderr


def test_a_refused_run_names_the_source_the_share_and_the_way_out(emptied: tuple[Project, str]) -> None:
    _, said = emptied
    assert "sources_is_still_there of small: 25 of 25 failed; 0 % passed, 4 % needed" in said
    assert "sources_keep_their_share of small: 25 of 25 failed; 0 % passed, 50 % needed" in said
    assert "of big" not in said
    assert "`least_share_kept: 0` on the source for one run" in said


def test_every_published_run_is_in_the_history_and_a_refused_one_is_not(emptied: tuple[Project, str]) -> None:
    project, _ = emptied
    lines = (
        "select generation, source, evaluated, success from quality.history where expectation = 'PM101' order by all"
    )
    assert project.query(lines) == [
        (1, "big", 40, True), (1, "small", 25, True), (2, "big", 41, True), (2, "small", 25, True),
    ]  # fmt: skip
    answers = (
        "select generation, source, records, asked - answered - stated - missing from quality.completeness_history "
        "where section = 'identity' order by all"
    )
    assert project.query(answers) == [(1, "big", 40, 0), (1, "small", 25, 0), (2, "big", 41, 0), (2, "small", 25, 0)]
    rows = "select n from quality.row_history where schema_name || '.' || table_name = ? order by generation"
    assert project.query(rows.replace("?", "'raw.revisions'")) == [(65,), (66,)]
    assert project.query(rows.replace("?", "'marts.incidents'")) == [(65,), (66,)]


def test_the_warehouse_as_it_was_holds_no_later_run(warm: Warm, emptied: tuple[Project, str]) -> None:
    project, _ = emptied
    last = "select max(generation) as last from quality.history"
    then = warm.run(project.home, "sql", "--json", "--as-of", TIMES[0], last)
    assert then.returncode == 0 and '"last": 1' in then.stdout, (then.stdout, then.stderr)


def test_a_threshold_of_the_source_opens_the_gate(warm: Warm, emptied: tuple[Project, str]) -> None:
    project, _ = emptied
    allowed = [{"of": "sources_is_still_there", "needed": 0}, {"of": "sources_keep_their_share", "severity": "warning"}]
    project.declare([source("big"), source("small", thresholds=allowed)])
    opened = warm.run(project.home, FAULTLINES_NOW=TIMES[3])
    assert opened.returncode == 0, opened.stderr
    found = (
        "select expectation, severity, success from quality.results where source = 'small' and concern = 'row_counts'"
    )
    assert sorted(project.query(found)) == [
        ("sources_is_still_there", "critical", True), ("sources_keep_their_share", "warning", False),
    ]  # fmt: skip


def test_a_threshold_for_a_rule_that_is_not_there_is_a_wrong_setting(warm: Warm, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.declare([source("big", thresholds=[{"of": "PM999", "needed": 0.5}])])
    project.write("big/1.yml", record(1))
    refused = warm.run(project.home, FAULTLINES_NOW=TIMES[0])
    assert refused.returncode == 2 and "source big: thresholds: there is no rule or share 'PM999'" in refused.stderr
