"""Each case of the battery, shown to fail: put one defect into a copy of the project, run the case, see it fail.

    python -m tests.battery.shown [WORD …]      only the defects whose case, file or list holds a WORD; without: all

A defect is an entry of a list in `tests/battery/defects/*.yml`: `case` (a pytest node), `file`, `old` (a text that
stands in the file exactly once), `new`, `why` (what would get through if the case could not fail), and `whole: true`
where the case runs in the whole battery only. Before any defect is put in, every case is seen to pass: what fails
anyway shows nothing. Here: how a defect is put in and what counts as shown. Not here: any defect; whether the lists are
true of the code (tests/unit/test_battery_defects.py).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from tests.foreign import DATA

ROOT = Path(__file__).resolve().parents[2]
DEFECTS = Path(__file__).with_name("defects")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".faultlines", "reports", "simulated", "__pycache__", ".hypothesis", ".*_cache", "*.egg-info"
)
SECONDS = 900  # 2026-11-25: the slowest case takes 100 on a quiet machine; a defect may make one wait for ever
SAID = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - (.*))?$", re.MULTILINE)
FAILED = 1  # what pytest ends with; 2 and more: the case could not be run


class Unfit(Exception):
    """An entry that is not true of the code: its text does not stand in its file exactly once."""


def defects(words: list[str]) -> Iterator[dict]:
    """Every defect that holds one of the words, in the order of the files."""
    for path in sorted(DEFECTS.glob("*.yml")):
        for defect in yaml.safe_load(path.read_text(encoding="utf-8")):
            if not words or any(word in f"{defect['case']} {defect['file']} {path.stem}" for word in words):
                yield defect


def broken(root: Path, defect: dict) -> str:
    """The text of the defect's file with the defect in it."""
    file = root / defect["file"]
    if not file.is_file():
        raise Unfit(f"{defect['file']} is no file")
    text = file.read_text(encoding="utf-8")
    if text.count(defect["old"]) != 1:
        raise Unfit(f"{defect['file']}: {defect['old']!r} stands there {text.count(defect['old'])} times")
    return text.replace(defect["old"], defect["new"])


def run(copy: Path, cases: Iterable[str], is_whole: bool) -> tuple[int, str]:
    """What pytest ended with over some cases, and what it said. What it has started ends with it."""
    words = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=short", "-p", "no:cacheprovider", *cases]
    surroundings = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "250"}
    surroundings |= {"FAULTLINES_SHARED": str(DATA.parent)}  # beside the project, and not beside its copy
    surroundings |= {"FAULTLINES_BATTERY": "whole"} if is_whole else {}
    with tempfile.TemporaryFile("w+") as said:
        ran = subprocess.Popen(words, cwd=copy, env=surroundings, stdout=said, stderr=said, start_new_session=True)
        try:
            code = ran.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        finally:
            if ran.poll() is None:
                os.killpg(ran.pid, signal.SIGKILL)
                ran.wait()
        said.seek(0)
        return code, said.read()


def failing(copy: Path, chosen: list[dict]) -> dict[str, str]:
    """The cases that fail without any defect, each with what pytest said. Those of a file are run together, which is
    cheaper, and what fails then once more alone, as it is run with its defect."""
    found = {}
    for is_whole, file in sorted({(one.get("whole", False), one["case"].split("::")[0]) for one in chosen}):
        cases = {one["case"] for one in chosen if one["case"].startswith(file) and one.get("whole", False) == is_whole}
        code, said = run(copy, sorted(cases), is_whole)
        nodes = [node for node, _ in SAID.findall(said)]
        for case in sorted(cases):
            if code > FAILED or any(node == case or node.startswith(f"{case}[") for node in nodes):
                alone, why = run(copy, [case], is_whole)
                found |= {case: why[-500:]} if alone else {}
    return found


def shown(copy: Path, defect: dict) -> str:
    """Put the defect in, run its case, take it out: `shown` and by what, else what pytest said."""
    file = copy / defect["file"]
    try:
        text = broken(copy, defect)
    except Unfit as error:
        return f"NOT SHOWN: {error}"
    whole = file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    try:
        code, said = run(copy, ["-x", defect["case"]], defect.get("whole", False))
    finally:
        file.write_text(whole, encoding="utf-8")
    named = SAID.search(said)
    if code == FAILED and named:
        return f"shown by {named[2] or named[1]}"
    return f"NOT SHOWN (pytest ended with {code}): {said[-300:]}"


def main(words: list[str]) -> int:
    """A line for each defect, and their sum; 1 where a case did not fail."""
    chosen = list(defects(words))
    n_shown = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
        without = failing(copy, chosen)
        for defect in chosen:
            fails = without.get(defect["case"])
            said = f"NOT SHOWN, it fails without a defect: {fails}" if fails else shown(copy, defect)
            n_shown += said.startswith("shown")
            print(f"{defect['case']}  ({defect['file']})  {said}", flush=True)
    print(f"{n_shown} of {len(chosen)} defects shown")
    return 0 if chosen and n_shown == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
