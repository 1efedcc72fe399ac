"""Each case of the battery, shown to fail: put one defect into a copy of the project, run the case, see it fail.

    python -m tests.battery.shown [WORD …]      only the defects whose case or file holds a WORD; `make shown` runs all

A defect is an entry of a list in `tests/battery/defects/*.yml`: `case` (a pytest node), `file`, `old` (a text that
stands in the file exactly once), `new`, and `why` (what would get through if the case could not fail). Here: how a
defect is put in and what counts as shown. Not here: any defect.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEFECTS = Path(__file__).with_name("defects")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".faultlines", "reports", "simulated", "__pycache__", ".hypothesis", ".*_cache", "*.egg-info"
)


def defects(words: list[str]) -> Iterator[dict]:
    """Every defect that holds one of the words, in the order of the files."""
    for path in sorted(DEFECTS.glob("*.yml")):
        for defect in yaml.safe_load(path.read_text(encoding="utf-8")):
            if not words or any(word in defect["case"] or word in defect["file"] for word in words):
                yield defect


def broken(text: str, defect: dict) -> str:
    """The file's text with the defect in it; ValueError where `old` does not stand there exactly once."""
    if text.count(defect["old"]) != 1:
        raise ValueError(f"{defect['file']}: {defect['old']!r} stands there {text.count(defect['old'])} times")
    return text.replace(defect["old"], defect["new"])


def shown(copy: Path, defect: dict) -> str:
    """Put the defect in, run its case, take it out: `shown` where the case failed, else what pytest said."""
    file = copy / defect["file"]
    whole = file.read_text(encoding="utf-8")
    file.write_text(broken(whole, defect), encoding="utf-8")
    try:
        words = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", defect["case"]]
        surroundings = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([sys.executable, *words], cwd=copy, env=surroundings, capture_output=True, text=True)
    finally:
        file.write_text(whole, encoding="utf-8")
    return "shown" if done.returncode == 1 else f"NOT SHOWN (pytest ended with {done.returncode}): {done.stdout[-300:]}"


def main(words: list[str]) -> int:
    """A line for each defect; 1 where a case did not fail."""
    failed = total = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
        for defect in defects(words):
            said = shown(copy, defect)
            total, failed = total + 1, failed + (said != "shown")
            print(f"{said}  {defect['case']}  ({defect['file']})", flush=True)
    print(f"{total - failed} of {total} defects shown")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
