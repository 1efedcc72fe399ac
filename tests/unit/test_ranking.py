"""`faultlines rank`: what is shown of a record, and the exit codes where there is nothing to show.

Here: marts written by hand with the columns of their contracts, published. Not here: whether scores are right
(test_hypothesis_scores.py), rankings of whole records (tests/integration/test_section_marts.py).
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml
from typer.testing import CliRunner

from pipelines import clock, warehouse
from pipelines.cli import app
from pipelines.publish import generations
from pipelines.ranking.read import Ranking, read
from pipelines.ranking.screen import as_text
from pipelines.settings import DBT_PROJECT
from tests.battery import hostile
from tests.battery.test_output_terminal import COMMANDS
from tests.projects import Project

STORE, LOG = "feature\x1b[2Jstore", "log"


def rows(names: str, *values: tuple) -> list[dict]:
    """Rows of the columns named; those after the last value of a row are NULL."""
    return [dict(zip(names.split(), row, strict=False)) for row in values]


ROWS = {
    "incidents": rows(
        "record_id stage title",
        ("INC-1", "published", "Limits far \u202eabove income"),
        *((name, "draft", name) for name in ("INC-2", "INC-3", "INC-4", "OTHER")),
    ),
    "hypotheses": rows(
        "record_id position hypothesis_id statement state is_root_cause prior",
        ("INC-1", 1, "H1", "Minor units", "supported", True, 0.4),
        ("INC-1", 2, "H2", "A late\nfeed", "refuted", False),
    ),
    "hypothesis_scores": rows(
        "record_id position hypothesis_id method flipped_by n_sources n_cells_without_source "
        "score log_prior evidence_score place",
        ("INC-1", 1, "H1", "hypotheses-1", [STORE], 2, 1, 1.3, -0.9, 2.2, 1),
        ("INC-1", 2, "H2", "hypotheses-1", [], 1, 0, -2.3, -1.2, -1.1, 3),
        ("INC-1", 0, None, "hypotheses-1", [STORE], 0, 0, -1.2, -1.2, 0.0, 2),
        *((name, 1, "H1", "hypotheses-1", [], 0, 0, -0.7) for name in ("INC-3", "INC-4")),
    ),
    "matrix": rows(
        "record_id position symptom_id symptom hypothesis_id consistency n_sources evidence credibility",
        ("INC-1", 1, "S1", "High limits", "H1", "strongly_for", 2, ["E1", "E2"], 0.9),
        ("INC-1", 2, "S1", "High limits", "H2", "against", 1, ["E1"]),
        ("INC-1", 3, "S2", "On one day", "H1", "for", 0),
        ("INC-4", 1, "S1", None, "H1", "for", 0),
    ),
    "evidence": rows(
        "record_id position evidence_id independent_source",
        ("INC-1", 1, "E1", STORE),
        ("INC-1", 2, "E2", LOG),
    ),
    "counterfactuals": rows(
        "record_id position control existed would_have cause_id",
        ("INC-1", 1, "Unit in the contract", "no", "prevented", "RC1"),
    ),
}


@pytest.fixture
def published(project: Project) -> Project:
    """A generation whose marts hold these rows."""
    chosen = project.settings
    attempt = generations.begin(chosen, clock.now(), "by hand")
    with warehouse.connect(chosen.warehouse) as con:
        con.execute("CREATE SCHEMA marts")
        for mart, of in ROWS.items():
            (model,) = yaml.safe_load((DBT_PROJECT / f"models/marts/{mart}.yml").read_text())["models"]
            columns = {column["name"]: column["data_type"].upper() for column in model["columns"]}
            con.execute(f"CREATE TABLE marts.{mart} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
            warehouse.insert(con, f"marts.{mart}", columns, of)
    generations.publish(chosen, attempt, {"as_of": attempt.received_at.isoformat()})
    return project


def rank(project: Project, *words: str):
    return CliRunner().invoke(app, ["rank", *words, "--project", str(project.home)])


def test_matrix_order_flips_idle_cells_and_controls_are_shown(published):
    done = rank(published, "INC-1")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for line in (
        "symptom H1 H2",
        "S1 High limits strongly for × 0.9 (E1, E2) against (E1)",
        "S2 On one day for (no evidence) ∅",
        "1 H1 Minor units supported a root cause 0.4 -0.90 +2.20 1.30 feature[2Jstore, log",
        "2 none of these ∅ ∅ -1.20 +0.00 -1.20",
        "3 H2 A late feed refuted ∅ -1.20 -1.10 -2.30 feature[2Jstore",
        "without feature[2Jstore: none of these first",
        "no other source, left out alone, changes who is first",
        "S2 and H1: for",
        "Unit in the contract no prevented RC1 ∅",
        "Scores order the hypotheses of this record and of no other; they are not probabilities.",
    ):
        assert line in lines, done.stdout
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout and "%" not in done.stdout


def test_no_word_of_a_record_acts_on_the_terminal_or_adds_a_line(published):
    path, _ = generations.published(published.settings.state)
    honest = read(path, "INC-1")
    for family in hostile.EVERY:
        shown = as_text(saying(hostile.of(family) + "\nno other source changes who is first", honest))
        assert COMMANDS.findall(shown) == []
        assert len(shown.splitlines()) == len(as_text(honest).splitlines()), family


def saying(text: str, honest: Ranking) -> Ranking:
    """The same ranking with this text wherever a record's words stand."""
    return replace(
        honest,
        record=dict.fromkeys(honest.record, text) | {"stage": "draft"},
        hypotheses=[one | {"hypothesis_id": text, "statement": text, "sources": [text]} for one in honest.hypotheses],
        matrix=[
            one | {"symptom": text, "symptom_id": one["symptom_id"] + text, "hypothesis_id": text, "evidence": [text]}
            for one in honest.matrix
        ],
        flips=[{"without": text, "first": [text]}],
        controls=[one | {"control": text, "needs": text} for one in honest.controls],
    )


def test_as_json_the_ranking_is_the_rows_of_the_marts_with_who_would_be_first(published):
    found = json.loads(rank(published, "INC-1", "--json").stdout)
    assert [(one["hypothesis_id"], one["place"], one["sources"]) for one in found["hypotheses"]] == [
        ("H1", 1, [STORE, LOG]), (None, 2, None), ("H2", 3, [STORE]),
    ]  # fmt: skip
    assert found["flips"] == [{"without": STORE, "first": [None]}]
    assert (found["method"], len(found["matrix"]), len(found["controls"])) == ("hypotheses-1", 3, 1)


def test_an_id_nobody_knows_is_a_usage_error_that_names_those_near_it(published):
    done = rank(published, "INC-11")
    assert (done.exit_code, done.stdout) == (2, "") and "no record INC-11; did you mean INC-1 or " in done.stderr
    assert "`faultlines sql` shows ids" in rank(published, "x'y").stderr


@pytest.mark.parametrize(
    ("name", "lacks"),
    [("INC-2", "no hypothesis"), ("INC-3", "no matrix"), ("INC-4", "no cell of its matrix")],
)
def test_too_little_data_ends_with_exit_code_4_and_says_what_is_lacking(published, name, lacks):
    done = rank(published, name)
    assert (done.exit_code, done.stdout) == (4, "")
    assert f"{name}: too little data to rank its hypotheses" in done.stderr and lacks in done.stderr


def test_without_a_warehouse_or_with_one_of_before_rankings_the_exit_code_is_3(project):
    assert rank(project, "INC-1").exit_code == 3
    project.write("a.yml", "schema_version: '1.1'\n")
    project.ingest()
    done = rank(project, "INC-1")
    assert done.exit_code == 3 and "`faultlines run` makes it anew" in done.stderr
