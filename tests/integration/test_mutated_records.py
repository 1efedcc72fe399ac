"""300 records with one defect each: every one found, with its code, at its line and column; good records with none.

One judgement for all of them, beside the worked records and 400 invented good ones. Here: what must be found. Not here:
how they are made (tests/mutated).
"""

from __future__ import annotations

import shutil

import pytest

from pipelines.checking.check import ERROR, Checked, check
from pipelines.ingest.chosen import choose
from pipelines.quality import rules as catalogue
from tests.mutated import making, rules, shapes
from tests.projects import Project
from tests.unit.simulated import Organisation

COUNT, SEED = 300, 5


@pytest.fixture(scope="module")
def mutants() -> list[making.Mutant]:
    return making.mutants(COUNT, SEED)


@pytest.fixture(scope="module")
def checked(mutants: list[making.Mutant], tmp_path_factory: pytest.TempPathFactory) -> Checked:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_NOW", "2026-11-22T20:00:00Z")  # the day the worked records were written for
        home = tmp_path_factory.mktemp("mutated")
        organisation = Organisation.written(home / "organisation", incidents=400)
        *_, spoilt = sorted((organisation.folder / "records").glob("*.ndjson"))
        spoilt.unlink()
        for name in ("mutants", "worked"):
            (home / name).mkdir()
        making.files(home / "mutants", mutants)
        for path in making.WORKED:
            shutil.copy(path, home / "worked")
        project = Project(home)
        project.declare([
            {"name": name, "glob": f"{name}/**/*.{suffix}", "reader": "native"}
            for name, suffix in (("mutants", "*"), ("worked", "yml"), ("organisation", "ndjson"))
        ])  # fmt: skip
        return check(choose([], project.settings), is_whole=True)


def test_every_defect_is_found_with_its_code_at_its_line_and_column(
    checked: Checked, mutants: list[making.Mutant]
) -> None:
    found = {(problem.file[1], problem.code, problem.line, problem.column) for problem in checked.problems}
    made = {(mutant.name, mutant.code, mutant.line, mutant.column) for mutant in mutants}
    assert len(made) == COUNT
    missed = {name: [one[1:] for one in found if one[0] == name] for name, *_ in made - found}
    assert missed == {}, sorted(made - found)


def test_good_records_have_no_error(checked: Checked) -> None:
    wrong = [problem for problem in checked.problems if problem.file[0] != "mutants" and problem.severity == ERROR]
    assert wrong == []
    assert checked.records > COUNT + len(making.WORKED) + 400


def test_every_rule_and_every_keyword_of_the_contract_has_a_way_to_be_broken(mutants: list[making.Mutant]) -> None:
    assert set(rules.WAYS) <= {rule.id for rule in catalogue.load().rules} <= set(making.WAYS)
    used = shapes.keywords(shapes.SCHEMA)
    for pack in shapes.SCHEMA["x-domain-packs"].values():
        used |= shapes.keywords(pack)
    used = {name for name in used if not name.startswith("x-")}
    assert used == set(shapes.SHAPES) | shapes.CARRIERS | shapes.SAID
    assert {mutant.way for mutant in mutants} == set(making.WAYS)


def test_mutants_are_the_same_for_the_same_seed_and_of_every_form(mutants: list[making.Mutant]) -> None:
    assert making.mutants(20, SEED) == mutants[:20]
    assert {mutant.name.split(".", 1)[1] for mutant in mutants} == set(making.FORMS)
