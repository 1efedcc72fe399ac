"""300 records with one defect each: every one found, with its code, at its line and column; good records with none.

One judgement for all of them, beside the worked records and 400 invented good ones. Here: what must be found. Not here:
how they are made (tests/mutated).
"""

from __future__ import annotations

import shutil
from collections import defaultdict

import pytest

from pipelines.authoring.check import ERROR, Checked, Problem, check
from pipelines.authoring.chosen import choose
from pipelines.contract import bundle
from pipelines.quality import rules as catalogue
from tests.mutated import making, rules, shapes
from tests.projects import Project
from tests.unit.simulated import Organisation

COUNT, SEED = 300, 5
MUTANTS = making.mutants(COUNT, SEED)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_NOW", "2026-11-22T20:00:00Z")  # the day the worked records were written for
        home = tmp_path_factory.mktemp("mutated")
        organisation = Organisation.written(home / "organisation", incidents=400)
        *_, spoilt = sorted((organisation.folder / "records").glob("*.ndjson"))
        spoilt.unlink()
        for name in ("mutants", "worked"):
            (home / name).mkdir()
        making.files(home / "mutants", MUTANTS)
        for path in making.WORKED:
            shutil.copy(path, home / "worked")
        project = Project(home)
        project.declare([
            {"name": name, "glob": f"{name}/**/*.{suffix}", "reader": "native"}
            for name, suffix in (("mutants", "*"), ("worked", "yml"), ("organisation", "ndjson"))
        ])  # fmt: skip
        return check(choose([], project.settings), is_whole=True)


@pytest.fixture(scope="module")
def by_file(checked: Checked) -> dict[str, list[Problem]]:
    found = defaultdict(list)
    for problem in checked.problems:
        found[problem.file[1]].append(problem)
    return found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_defect_is_found_with_its_code_at_its_line_and_column(by_file: dict, mutant: making.Mutant) -> None:
    found = [(problem.code, problem.line, problem.column) for problem in by_file[mutant.name]]
    assert (mutant.code, mutant.line, mutant.column) in found


def test_good_records_have_no_error(checked: Checked) -> None:
    wrong = [problem for problem in checked.problems if problem.file[0] != "mutants" and problem.severity == ERROR]
    assert wrong == []
    assert checked.records > COUNT + len(making.WORKED) + 400


def test_every_rule_and_every_keyword_of_the_contract_has_a_way_to_be_broken() -> None:
    assert set(rules.WAYS) <= {rule.id for rule in catalogue.load().rules} <= set(making.WAYS)
    used = shapes.keywords(shapes.SCHEMA)
    for pack in shapes.SCHEMA["x-domain-packs"].values():
        used |= shapes.keywords(pack)
    used = {name for name in used if not name.startswith("x-")}
    assert used == set(shapes.SHAPES) | shapes.CARRIERS | shapes.SAID
    assert {mutant.way for mutant in MUTANTS} == set(making.WAYS)


def test_mutants_are_the_same_for_the_same_seed_and_of_every_form() -> None:
    assert making.mutants(20, SEED) == MUTANTS[:20]
    assert {mutant.name.split(".", 1)[1] for mutant in MUTANTS} == set(making.FORMS)


def test_the_contract_they_are_made_for_is_the_one_that_judges() -> None:
    assert bundle.load() is shapes.SCHEMA
