"""The lists of defects are true of the code, so that `make shown` can put each of them in; and no case is without one.

Here: what can be seen without running a case. Not here: that the cases fail (`make shown`, tests/battery/shown.py).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.battery import shown

EVERY = list(shown.defects([]))


def functions(path: Path) -> list[str]:
    """The cases of a file, as pytest names them, without their parameters."""
    found = [one.name for one in ast.parse(path.read_text()).body if isinstance(one, ast.FunctionDef)]
    return [f"{path.relative_to(shown.ROOT)}::{name}" for name in found if name.startswith("test_")]


@pytest.mark.parametrize("defect", EVERY, ids=[f"{one['file']}-{one['case'].split('::')[-1]}" for one in EVERY])
def test_a_defect_fits_its_file_and_leaves_it_code(defect: dict) -> None:
    text = shown.broken(shown.ROOT, defect)
    assert defect["new"] != defect["old"] and defect["why"].strip()
    assert defect.keys() <= {"case", "file", "old", "new", "why", "whole"}
    # a file that cannot be read any more fails every case, whatever it is a case of
    if defect["file"].endswith(".py"):
        compile(text, defect["file"], "exec")
    elif defect["file"].endswith((".yml", ".json")):
        yaml.safe_load(text)


def test_no_defect_stands_in_the_lists_twice() -> None:
    put_in = [(one["case"], one["file"], one["old"], one["new"]) for one in EVERY]
    assert len(set(put_in)) == len(put_in)


def test_every_defect_names_a_case_that_there_is() -> None:
    cases = sorted({one["case"] for one in EVERY})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-p", "no:cacheprovider", *cases]
    done = subprocess.run(command, cwd=shown.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_case_of_the_battery_has_a_defect() -> None:
    files = [
        *(shown.ROOT / "tests/battery").glob("test_*.py"),
        *(shown.ROOT / "tests/browser").glob("test_hostile_*.py"),
    ]
    cases = {case for path in files for case in functions(path)}
    assert len(cases) > 100
    assert sorted(cases - {one["case"].partition("[")[0] for one in EVERY}) == []


ENTRIES = """
- {case: "test_it.py::test_two", file: it.py, old: "2", new: "3", why: two would be three}
- {case: "test_it.py::test_two", file: it.py, old: "TWO", new: "ONE", why: a name by another is the same}
- {case: "test_it.py::test_two", file: it.py, old: "3", new: "4", why: the text has gone}
- {case: "test_it.py::test_four", file: it.py, old: "2", new: "3", why: the case fails anyway}
- {case: "test_it.py::test_of_all", whole: true, file: it.py, old: "2", new: "3", why: it runs in the whole only}
"""
CASES = """
import os, it
def test_two(): assert getattr(it, "TWO", 2) == 2
def test_four(): assert it.TWO == 4
def test_of_all(): assert it.TWO == 2 or "FAULTLINES_BATTERY" not in os.environ
"""


def test_only_a_case_that_passed_and_then_fails_is_shown_and_an_entry_that_does_not_fit_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    for name, text in (("it.py", "TWO = 2\n"), ("test_it.py", CASES), ("defects/a.yml", ENTRIES)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(shown, "ROOT", tmp_path)
    monkeypatch.setattr(shown, "DEFECTS", tmp_path / "defects")
    monkeypatch.delenv("FAULTLINES_BATTERY", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # half of what pytest takes to start
    assert shown.main([]) == 1
    *lines, total = capsys.readouterr().out.splitlines()
    said = [line.partition("(it.py)  ")[2] for line in lines if "(it.py)" in line]
    starts = ("shown by ", "NOT SHOWN (pytest ended with 0)", "NOT SHOWN: it.py: '3' stands there 0 times",
              "NOT SHOWN, it fails without a defect: ", "shown by ")  # fmt: skip
    assert [line for line, start in zip(said, starts, strict=True) if not line.startswith(start)] == []
    assert total == "2 of 5 defects shown"
